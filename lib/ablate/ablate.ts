import { bench } from '../bench/bench';
import { inOrder, readResults } from '../bench/run/results';
import { readConfig } from '../bench/settings/folder';
import { WHOLE } from '../bench/settings/shard';
import type { BenchCallOptions, BenchResult } from '../bench/settings/types';
import { FepError } from '../errors/fepError';
import { defined } from '../options/defined';
import { cellsOf, rowsOf } from './cells';
import { type Findings, findingsOf } from './findings';
import { type AblateOptions, parseAblateOptions } from './options';
import { type PerSample, perSample } from './perSample';
import { type Selection, select } from './select';
import { writeAblation } from './writeAblation';

/** What is done with a bench's results but does not change them. */
type CallOptions = Pick<
  BenchCallOptions,
  'out' | 'keepClips' | 'skipErrors' | 'threads' | 'onProgress' | 'onRemark' | 'signal'
>;

export interface AblateCallOptions extends AblateOptions, CallOptions {
  /** Picks r_l, r_h and the domain; the data set's `validation` part is used unless `split` says otherwise. */
  select?: boolean;
  /** Says what a setting chosen for each clip would gain and cost. */
  perSample?: boolean;
}

export interface AblateResult extends BenchResult {
  selections: Selection[];
  perSample: PerSample[];
}

/**
 * Tries F-EP's r_l and r_h (the supplement's Tables 1 to 3, Fig. 5) beside 3D-EP and STEP at the same step and σ.
 *
 * It is a bench, so it survives being killed, and goes on with the same options and folder.
 *
 * @throws FepError as `bench`; `FEP_USAGE` when something is to be selected and nothing can be compared
 */
export async function ablate(options: AblateCallOptions): Promise<AblateResult> {
  const { out, keepClips, skipErrors, threads, onProgress, onRemark, signal, ...rest } = options;
  const { select: toSelect = false, perSample: eachSample = false, ...given } = rest;
  const { lowRatios, highRatios, domains, temporal, modulate, ...shared } = parseAblateOptions(given);
  const cells = cellsOf({ lowRatios, highRatios, domains, temporal });
  if (cells.length === 0) {
    throw new FepError('FEP_USAGE', 'There is no setting to try: r_l + r_h must be above 0 and at most 1.');
  }
  const split = shared.split ?? (toSelect ? 'validation' : undefined);
  const call = { out, keepClips, skipErrors, threads, onProgress, onRemark, signal };
  const result = await bench({
    ...defined({ ...shared, split, ...call }),
    ...{ out, methods: rowsOf(cells, modulate, shared) },
  });
  const config = await readConfig(out);
  const findings = findingsOf(inOrder(readResults(out, WHOLE).records, config), cells, config);
  const selections = toSelect ? forEach(findings, select) : [];
  const extras = { selections, perSample: eachSample ? forEach(findings, perSample) : [] };
  refuseNothing(toSelect || eachSample, [...selections, ...extras.perSample]);
  const files = await writeAblation(out, findings, extras);
  return { ...result, ...extras, files: [...result.files, ...files] };
}

/** For each model and budget what can be said of it. */
function forEach<T>(
  findings: Findings,
  of: (findings: Findings, model: string, area: number) => T | undefined,
): T[] {
  const { models, areas } = findings;
  return models.flatMap((model) =>
    areas.flatMap((area) => {
      const said = of(findings, model, area);
      return said === undefined ? [] : [said];
    }),
  );
}

function refuseNothing(asked: boolean, said: readonly object[]): void {
  if (!asked || said.length > 0) return;
  throw new FepError('FEP_USAGE', 'Nothing can be selected: no clip has boxes, or there are no curves.', {
    hint: 'Use a data set with boxes; choosing for each clip needs --curve-steps above 0.',
  });
}
