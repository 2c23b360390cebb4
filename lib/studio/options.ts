import { z } from 'zod';
import { parseOptions, seeHelp } from '../options/parseOptions';

const port = z.number().int().min(0).max(65_535);
const positive = z.number().int().min(1);

/** What a studio can be told. */
export const studioOptionsSchema = z.strictObject({
  /** Where runs and uploads are kept; default `fep-studio`. */
  folder: z.string().min(1).default('fep-studio'),
  /** Address to listen on; default `127.0.0.1`. Any but the loopback wants a password. */
  host: z.string().min(1).default('127.0.0.1'),
  /** 0 for any free one; default 0. */
  port: port.default(0),
  /** Password of a studio that others can reach. */
  password: z.string().min(8).optional(),
  /** A folder whose clips can be picked. */
  clips: z.string().min(1).optional(),
  /** Data sets whose samples can be picked, as `openDataset` takes them. */
  data: z.array(z.string().min(1)).max(64).default([]),
  /** A folder whose model files can be picked. */
  models: z.string().min(1).optional(),
  /** Further models: files, or sources of other libraries. */
  model: z.array(z.string().min(1)).max(64).default([]),
  /** Whether model files may be uploaded: they are programs. Default false. */
  allowModelUpload: z.boolean().default(false),
  /** Of each model's process, MB; default 8192. */
  memoryLimit: positive.default(8192),
  /** How long a model may take over a call other than a run, seconds; default 120. */
  callLimit: z.number().positive().max(86_400).default(120),
  /** Of one upload, MB; default 512. */
  maxUpload: positive.max(65_536).default(512),
  /** Runs that may wait or run at a time; default 32. */
  maxJobs: positive.max(1000).default(32),
  /** Models that stay loaded; default 2. */
  maxModels: positive.max(16).default(2),
  /** How long a run goes on when its page has gone, seconds; default 60. */
  goneAfter: z.number().min(0).max(86_400).default(60),
});

/** Options of `createStudio`. */
export type StudioOptions = z.input<typeof studioOptionsSchema>;

/** The same with every default filled in. */
export type StudioSettings = z.output<typeof studioOptionsSchema>;

/** @throws FepError `FEP_USAGE` */
export function studioSettings(options: StudioOptions): StudioSettings {
  return parseOptions(studioOptionsSchema, options, { of: 'the studio', hint: seeHelp('studio') });
}
