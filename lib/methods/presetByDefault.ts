import { searchSettings } from './masks';
import { modulationOptions } from './modulation';
import { type AnyOptions, DEFAULT_METHOD } from './options';
import type { SETTINGS_OF } from './presets';

/** Options that say how the machine computes a mask, not which one. */
const OF_THE_MACHINE = ['arithmetic', 'cudaGraph'];

const OF_THE_SEARCH = Object.keys({ ...searchSettings, ...modulationOptions }).filter(
  (name) => !OF_THE_MACHINE.includes(name),
) as (keyof AnyOptions)[];

/**
 * Whose settings are taken where none are named: `quick` of F-EP, and `paper` of the methods that others published.
 *
 * Whoever sets how the mask is searched, its updates, its grid or its bands, sets it beside the published settings, as
 * the paper and its tables do, so that what is left out is the paper's too.
 */
export function presetByDefault(options: AnyOptions): (typeof SETTINGS_OF)[number] {
  const { method = DEFAULT_METHOD } = options;
  return method === DEFAULT_METHOD && !setsTheSearch(options) ? 'quick' : 'paper';
}

/** Whether options say how a mask is searched. */
export function setsTheSearch(options: AnyOptions): boolean {
  return searchOptionOf(options) !== undefined;
}

/** The first of the options that say how a mask is searched. */
export function searchOptionOf(options: AnyOptions): keyof AnyOptions | undefined {
  return OF_THE_SEARCH.find((name) => options[name] !== undefined);
}
