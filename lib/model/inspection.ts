import { z } from 'zod';
import type { Manifest } from '../manifest/manifest';
import { keep, keptFile, readKept } from '../package/keptJson';
import { modelKey } from './check/cache';
import type { Layer } from './layers';
import type { ModelForm } from './modelForm';
import type { Precision } from './precision';

const layerSchema = z.object({
  name: z.string(),
  type: z.string(),
  shape: z.array(z.number()),
  maps: z.enum(['NCTHW', 'NTCHW', 'TCHW', 'NTHWC', 'NLC', 'TLC']).nullable(),
  grid: z.array(z.number()).nullable(),
  isDefault: z.boolean(),
}) satisfies z.ZodType<Layer>;

const costSchema = z.object({
  parameters: z.number(),
  weightBytes: z.number(),
  multiplyAccumulates: z.number(),
  flops: z.number(),
  explanationBytes: z.number(),
  processBytes: z.number(),
});

/** What running a model showed: its layers, and its cost where that could be measured. */
const inspectionSchema = z.object({ layers: z.array(layerSchema), cost: costSchema.nullable() });

/** What an inspection found by running a model; cached, since a large model takes minutes. */
export type Inspection = z.output<typeof inspectionSchema>;

/** What an inspection depends on beside the file. */
export interface InspectionSettings {
  device: string;
  precision: Precision;
  /** `tuned`: whichever is fastest on this machine. */
  form: ModelForm | 'tuned';
}

/** The cached inspection; undefined if the model was never inspected like this, or the cache file is unreadable. */
export function readInspection(
  path: string,
  manifest: Manifest,
  settings: InspectionSettings,
): Promise<Inspection | undefined> {
  return readKept(cacheFileOf(path, manifest, settings), inspectionSchema);
}

/** Caches an inspection. Ignores a failed write, which only costs another inspection. */
export function cacheInspection(
  path: string,
  manifest: Manifest,
  settings: InspectionSettings,
  inspection: Inspection,
): Promise<void> {
  return keep(cacheFileOf(path, manifest, settings), inspection);
}

async function cacheFileOf(path: string, manifest: Manifest, settings: InspectionSettings): Promise<string> {
  const { tokens, camLayer } = manifest;
  const key = { ...(await modelKey(path, manifest, settings.device)), ...settings, tokens, camLayer };
  return keptFile('inspections', key);
}

/** Forwards and backwards that checking a model, listing its layers and measuring its cost take, in forwards. */
const PASSES = 22;

/** Operations per second that a core reaches at least, on what is typical of a network. */
const FLOPS_PER_CORE = 40e9;

/** Seconds that measuring a model takes, by the multiply-accumulates of one forward. */
export function measuringSeconds(multiplyAccumulates: number, threads: number): number {
  return (PASSES * 2 * multiplyAccumulates) / (threads * FLOPS_PER_CORE);
}
