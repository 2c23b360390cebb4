import { bootstrapInterval, type Interval } from '../metrics/bootstrapInterval';
import type { MaskScores } from '../metrics/score';
import type { AblationData, RowName } from './ablationData';
import { select } from './select';

/** What choosing r_l and r_h per clip gains and costs. */
export interface PerSample {
  model: string;
  area: number;
  /** STC@10 % of the single setting that is best over all clips. */
  fixed: Interval;
  /** STC@10 % when the model's scores choose the setting per clip: insertion AUC − deletion AUC. */
  byModel: Interval;
  /** STC@10 % when the boxes choose the setting per clip: an upper bound for any rule. */
  byBoxes: Interval;
  /** Seconds per clip: with the single setting, and with all settings. */
  seconds: { fixed: number; all: number };
}

/**
 * The paper's future work: a setting chosen per sample. Needs clips with boxes to measure the gain, and curves to
 * choose by.
 *
 * @returns undefined when boxes or curves are missing
 */
export function perSample(data: AblationData, model: string, area: number): PerSample | undefined {
  const { settings, valuesOf, secondsOf, seed } = data;
  const selection = select(data, model, area);
  if (selection === undefined) return undefined;
  const scores = settings.map(({ label }) => {
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
    model,
    area,
    fixed: selection.stcAt10,
    byModel: interval(chosenBy('faith')),
    byBoxes: interval(chosenBy('stc')),
    seconds: {
      fixed: secondsOf({ model, method: selection.cell.label }),
      all: settings.reduce((sum, { label }) => sum + secondsOf({ model, method: label }), 0),
    },
  };
}

function faithfulness({ insertion, deletion }: MaskScores): number | null {
  return insertion === null || deletion === null ? null : insertion - deletion;
}
