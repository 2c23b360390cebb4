import { FepError } from '../errors/fepError';
import type { Manifest } from '../manifest/manifest';
import type { ExplainConfig } from '../methods/config';
import type { Method } from '../methods/methods';
import { type AnyOptions, onlyOwn } from '../methods/options';
import { resolveConfig } from '../methods/resolve';
import { defined } from '../options/defined';
import type { MethodEntry } from './entry';
import { labelOf } from './labels';
import { type EvaluatedMethod, isControl } from './methodNames';
import { maskOptions } from './options';

/** What all methods are told. A method's own options override it. */
export type SharedOptions = Pick<AnyOptions, 'target' | 'area' | 'seed' | keyof typeof maskOptions>;

/** A method with everything settled that it needs to run on a model. */
export interface PlannedMethod {
  /** Name of its row. */
  label: string;
  method: EvaluatedMethod;
  /** Whether it only shows what the others are worth. */
  control: boolean;
  /** What `explain` would be told; nothing for the oracle. */
  options: AnyOptions;
  /** What that comes to for the model; null for the oracle. */
  config: ExplainConfig | null;
}

/**
 * Settles what a method is told and what that comes to for a model.
 *
 * @throws FepError `FEP_USAGE` for an option that is out of range or does not belong to the method
 */
export function planMethod(entry: MethodEntry, shared: SharedOptions, manifest: Manifest): PlannedMethod {
  const { method } = entry;
  const row = { label: labelOf(entry), method, control: isControl(method) };
  if (method === 'oracle') {
    refuseOracleOptions(entry);
    return { ...row, options: {}, config: null };
  }
  const options = optionsOf(method, entry.options, shared);
  refuseDeletion(options);
  return { ...row, options, config: resolveConfig(options, manifest) };
}

/** Scores and pictures beside each other are of what masks keep. */
function refuseDeletion({ variant }: AnyOptions): void {
  if (variant !== 'delete') return;
  throw new FepError('FEP_USAGE', 'The scores judge what a mask keeps, and one that deletes keeps nothing.', {
    hint: 'Leave variant out, choose dual, or explain the clip by itself.',
  });
}

function refuseOracleOptions(entry: MethodEntry): void {
  if (Object.keys(defined(entry.options)).length === 0) return;
  throw new FepError('FEP_USAGE', `The oracle takes no options, got ${labelOf(entry)}.`);
}

/** The order of the options counts: a bench's `config.json` has them in it, and its name in a queue is a hash of that. */
function optionsOf(
  method: Method,
  own: MethodEntry['options'],
  { target, area, seed, ...shared }: SharedOptions,
): AnyOptions {
  const names = Object.keys(maskOptions) as (keyof typeof maskOptions)[];
  const ofMasks = Object.fromEntries(names.map((name) => [name, shared[name]]));
  return defined({ method, target, ...onlyOwn(method, { area, ...ofMasks }), ...defined(own), seed });
}

/** @throws FepError `FEP_USAGE` when two of the models, or of the methods, have one name */
export function refuseNamesakes(what: 'model' | 'method', names: readonly string[], hint: string): void {
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice === undefined) return;
  throw new FepError('FEP_USAGE', `There are two rows for the ${what} ${twice}.`, { hint });
}
