import { bootstrapInterval, type Interval } from '../metrics/bootstrapInterval';
import type { MaskScores } from '../metrics/score';
import type { Findings, RowName } from './findings';
import { select } from './select';

/** What choosing r_l and r_h anew for each clip gains, and what it costs. */
export interface PerSample {
  model: string;
  area: number;
  /** STC@10 % of the one setting that is best for all clips. */
  fixed: Interval;
  /** STC@10 % when each clip's setting is chosen by what the model says: insertion AUC − deletion AUC. */
  byModel: Interval;
  /** The same when the boxes choose: no rule can do better. */
  byBoxes: Interval;
  /** Seconds for a clip: with the one setting, and with all of them. */
  seconds: { fixed: number; all: number };
}

/**
 * The paper's future work: the setting chosen for each sample. Its clips need boxes to say what was gained, and curves
 * to choose by.
 *
 * @returns undefined when boxes or curves are missing
 */
export function perSample(findings: Findings, model: string, area: number): PerSample | undefined {
  const { cells, valuesOf, secondsOf, seed } = findings;
  const selection = select(findings, model, area);
  if (selection === undefined) return undefined;
  const scores = cells.map(({ label }) => {
    const row: RowName = { model, area, method: label };
    return {
      stc: valuesOf(row, ({ stcRecallArea10 }) => stcRecallArea10),
      faith: valuesOf(row, faithfulness),
    };
  });
  const places = [...scores[0]!.stc.keys()].filter((place) => scores.every(({ stc }) => stc.has(place)));
  if (!places.every((place) => scores.every(({ faith }) => faith.has(place)))) return undefined;
  const interval = (values: number[]) => bootstrapInterval(values, { seed });
  const chosenBy = (criterion: 'stc' | 'faith') =>
    places.map((place) => {
      const best = scores.reduce((a, b) => (b[criterion].get(place)! > a[criterion].get(place)! ? b : a));
      return best.stc.get(place)!;
    });
  return {
    ...{ model, area, fixed: selection.stcAt10 },
    byModel: interval(chosenBy('faith')),
    byBoxes: interval(chosenBy('stc')),
    seconds: {
      fixed: secondsOf({ model, method: selection.cell.label }),
      all: cells.reduce((sum, { label }) => sum + secondsOf({ model, method: label }), 0),
    },
  };
}

function faithfulness({ insertion, deletion }: MaskScores): number | null {
  return insertion === null || deletion === null ? null : insertion - deletion;
}
