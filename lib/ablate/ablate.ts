import { bench } from '../bench/bench';
import { inOrder, readResults } from '../bench/run/results';
import { readConfig } from '../bench/settings/folder';
import { WHOLE } from '../bench/settings/shard';
import type { BenchCallOptions, BenchResult } from '../bench/settings/types';
import { FepError } from '../errors/fepError';
import { defined } from '../options/defined';
import { type AblationData, ablationData } from './ablationData';
import type { Extras } from './markdown';
import { methodRows } from './methodRows';
import { type AblateOptions, parseAblateOptions, type ResolvedAblation } from './options';
import { type PerSample, perSample } from './perSample';
import { type Selection, select } from './select';
import { type MaskGrid, maskGrid, settingsOf } from './settings';
import { writeAblation } from './writeAblation';

/** Options of the run that do not change the results. */
type CallOptions = Pick<
  BenchCallOptions,
  'out' | 'keepClips' | 'skipErrors' | 'threads' | 'onProgress' | 'onRemark' | 'signal'
>;

export interface AblateCallOptions extends AblateOptions, CallOptions {
  /** Selects a setting, by default on the data set's `validation` split. */
  select?: boolean;
  /** Measures what choosing the setting per clip would gain and cost. */
  perSample?: boolean;
}

export interface AblateResult extends BenchResult {
  selections: Selection[];
  perSample: PerSample[];
}

/**
 * Evaluates settings of F-EP's r_l and r_h (the supplement's Tables 1 to 3, Fig. 5), of the course of its bands and of
 * its grid, next to 3D-EP and STEP with the same step and σ.
 *
 * An ablation runs as a bench: a killed run resumes with the same options and folder.
 *
 * @throws FepError as `bench`; `FEP_USAGE` when a selection is requested and the results allow none
 */
export async function ablate(options: AblateCallOptions): Promise<AblateResult> {
  const { out, keepClips, skipErrors, threads, onProgress, onRemark, signal, ...rest } = options;
  const { select: toSelect = false, perSample: eachSample = false, ...given } = rest;
  const { lowRatios, highRatios, domains, temporal, courses, grids, modulate, ...shared } =
    parseAblateOptions(given);
  const trial = { lowRatios, highRatios, domains, temporal, courses, grids: gridsOf(grids, shared) };
  const settings = settingsOf(trial);
  if (settings.length === 0) {
    throw new FepError('FEP_USAGE', 'There is no valid setting: r_l + r_h must be above 0 and at most 1.');
  }
  const split = shared.split ?? (toSelect ? 'validation' : undefined);
  const call = { out, keepClips, skipErrors, threads, onProgress, onRemark, signal };
  const result = await bench({
    ...defined({ ...shared, split, ...call }),
    out,
    methods: methodRows(settings, modulate),
  });
  const config = await readConfig(out);
  const data = ablationData(inOrder(readResults(out, WHOLE).records, config), settings, config);
  const extras = {
    selections: toSelect ? forEachModelAndArea(data, select) : [],
    perSample: eachSample ? forEachModelAndArea(data, perSample) : [],
  };
  if (toSelect || eachSample) requireExtras(extras);
  const files = await writeAblation(out, data, extras);
  return { ...result, ...extras, files: [...result.files, ...files] };
}

/** @throws FepError `FEP_USAGE` where step or σ is given twice */
function gridsOf(
  grids: ResolvedAblation['grids'],
  { step, sigma }: Pick<ResolvedAblation, 'step' | 'sigma'>,
): MaskGrid[] {
  if (grids === undefined) return [maskGrid(step, sigma)];
  if (step === undefined && sigma === undefined) return grids.map(([own, reach]) => maskGrid(own, reach));
  throw new FepError('FEP_USAGE', 'grids names step and sigma; they cannot be given beside it.', {
    hint: 'Add the pair to --grids, or leave --grids out.',
  });
}

/** The results that `of` finds for each model and budget. */
function forEachModelAndArea<T>(
  data: AblationData,
  of: (data: AblationData, model: string, area: number) => T | undefined,
): T[] {
  const { models, areas } = data;
  return models.flatMap((model) =>
    areas.flatMap((area) => {
      const result = of(data, model, area);
      return result === undefined ? [] : [result];
    }),
  );
}

/** @throws FepError `FEP_USAGE` when the results allow no selection */
function requireExtras({ selections, perSample: each }: Extras): void {
  if (selections.length > 0 || each.length > 0) return;
  throw new FepError('FEP_USAGE', 'Nothing can be selected: no clip has boxes, or there are no curves.', {
    hint: 'Use a data set with boxes; --per-sample needs --curve-steps above 0.',
  });
}
