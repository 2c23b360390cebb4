import { loadAddon } from '../../binding/addon';
import { versions } from '../../binding/versions';
import { absoluteSpec } from '../../datasets/open';
import type { Dataset } from '../../datasets/types';
import { FepError } from '../../errors/fepError';
import type { MethodEntry } from '../../evaluate/entry';
import { labelOf } from '../../evaluate/labels';
import { type PlannedMethod, planMethod, refuseNamesakes } from '../../evaluate/plan';
import { sha256OfFile, sha256OfText } from '../../files/sha256';
import type { Manifest } from '../../manifest/manifest';
import type { ExplainConfig } from '../../methods/config';
import { type FoundModel, findModel } from '../../model/findModel';
import { resolveDevice } from '../../model/loadModel';
import { shippedModels } from '../../model/shipped';
import type { ResolvedOptions } from './options';

/** A method's row. */
export interface BenchMethodConfig extends Omit<PlannedMethod, 'config'> {
  /** What that comes to for each model, by the model's name; null for the oracle, which needs none. */
  resolved: Record<string, ExplainConfig | null>;
}

/** A bench's configuration with nothing left open: `config.json`. */
export interface BenchConfig {
  schemaVersion: 1;
  /** What was asked for, under the options' own names. */
  options: Omit<ResolvedOptions, 'models' | 'methods' | 'device'> & {
    methods: { label: string; method: string; options: object }[];
  };
  models: { name: string; sha256: string }[];
  device: string;
  /** How many samples the data set holds, and the SHA-256 of their ids and labels. */
  samples: { count: number; sha256: string };
  methods: BenchMethodConfig[];
  versions: Record<string, string>;
  /**
   * Where data and models were found, for whoever runs a command elsewhere. They may lie elsewhere the next time: two
   * benches that differ in nothing else are one. Benches that began before this was written down have none.
   */
  places?: {
    /** As `data`, its path absolute. */
    data: string;
    /** Of each model the name, if it is a shipped one, or the absolute path. */
    models: string[];
  };
}

/** A model of a bench, not loaded yet. */
export interface BenchModel extends FoundModel {
  name: string;
}

/**
 * Finds a bench's models.
 *
 * @throws FepError as `findModel`; `FEP_USAGE` when two have one name
 */
export async function findModels(models: string[]): Promise<BenchModel[]> {
  const found = await Promise.all(models.map((model) => findModel(model)));
  const named = found.map(({ path, manifest }) => ({ name: manifest.name, path, manifest }));
  refuseNamesakes(
    'model',
    named.map(({ name }) => name),
    'Leave one out, or name them differently in their manifests.',
  );
  return named;
}

/**
 * Settles everything that a bench's results depend on.
 *
 * @throws FepError `FEP_USAGE` for options out of range, rows of one name, labels that a model does not know
 */
export async function resolveBench(
  options: ResolvedOptions,
  models: BenchModel[],
  dataset: Dataset,
): Promise<BenchConfig> {
  for (const { name, manifest } of models) checkLabels(name, manifest, dataset);
  const methods = options.methods.map((entry) => planForModels(entry, options, models));
  refuseNamesakes(
    'method',
    methods.map(({ label }) => label),
    'Leave one out, or give them labels in a configuration file.',
  );
  const { models: _, device, methods: entries, ...others } = options;
  const onDevice = resolveDevice(device);
  loadAddon(); // its libtorch is part of what results depend on, whether or not the device asked for it
  const { 'fep-native': own, libtorch } = versions();
  return {
    schemaVersion: 1,
    options: { ...others, methods: entries.map((entry) => ({ ...entry, label: labelOf(entry) })) },
    models: await Promise.all(
      models.map(async ({ name, path }) => ({ name, sha256: await sha256OfFile(path) })),
    ),
    device: onDevice,
    samples: describeSamples(dataset),
    methods,
    versions: { 'fep-native': own!, libtorch: libtorch! },
    places: { data: absoluteSpec(options.data), models: models.map(({ path }) => modelPlace(path)) },
  };
}

/** What finds the model again from any folder. */
function modelPlace(path: string): string {
  return shippedModels().find((shipped) => shipped.path === path)?.name ?? path;
}

function describeSamples({ samples }: Dataset): BenchConfig['samples'] {
  const lines = samples.map(({ id, label }) => `${id}\t${label}\n`);
  return { count: samples.length, sha256: sha256OfText(lines.join('')) };
}

/** A method's row, the same for all models but for what its options come to. */
function planForModels(
  entry: MethodEntry,
  { preset, area, iterations, step, sigma, areaOver, cudaGraph, seed }: ResolvedOptions,
  models: BenchModel[],
): BenchMethodConfig {
  const shared = { preset, area, iterations, step, sigma, areaOver, cudaGraph, seed };
  const planned = models.map(({ name, manifest }) => ({ name, ...planMethod(entry, shared, manifest) }));
  const { label, method, control, options } = planned[0]!;
  const resolved = Object.fromEntries(planned.map(({ name, config }) => [name, config]));
  return { label, method, control, options, resolved };
}

/** Accuracy compares names: a label that the model cannot answer would count as a mistake of the method. */
function checkLabels(name: string, { output }: Manifest, { samples }: Dataset): void {
  const labels = [...new Set(samples.map(({ label }) => label))];
  const unknown = labels.filter((label) => !output.classes.includes(label));
  if (unknown.length === 0) return;
  throw new FepError(
    'FEP_USAGE',
    `The model ${name} has no class ${unknown.slice(0, 10).join(', ')}${unknown.length > 10 ? ', …' : ''}.`,
    {
      hint: 'Choose the classes that it has with --classes, or name its classes in its manifest as the data set does.',
    },
  );
}
