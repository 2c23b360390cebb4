// What the rows come to: means with their intervals, and against the first row, clip by clip.
import { bootstrapInterval } from '../../dist/index.mjs';
import { recordsOf } from '../common/records.mjs';
import { folderOf, MODEL, ROWS } from './settings.mjs';

/** What is compared, each from a clip's only mask. */
const MEASURED = {
  energy: ({ energy }) => energy.reward + energy.area + energy.core,
  dc: ({ scores }) => scores.dc,
  accuracy: ({ scores }) => Number(scores.correct),
  stc: ({ scores }) => scores.stcRecall,
  stcAt10: ({ scores }) => scores.stcRecallArea10,
  area: ({ scores }) => scores.realisedArea,
};

export function summarize() {
  const masks = ROWS.map(masksOf);
  const [full] = masks;
  const rows = ROWS.map(({ name, title }, i) => ({
    ...{ name, title, updates: bootstrapInterval(masks[i].map(({ energy }) => energy.iterations)) },
    metrics: Object.fromEntries(
      Object.entries(MEASURED).map(([metric, of]) => [metric, compared(masks[i].map(of), full.map(of))]),
    ),
  }));
  return { model: MODEL, clips: full.length, rows };
}

/** In the order of the clips. */
function masksOf(row) {
  const records = recordsOf(folderOf(row)).sort((a, b) => a.place - b.place);
  return records.map(({ masks: [mask] }) => mask);
}

/** The values' interval, that of the differences, and whether the mean is within the other's interval. */
function compared(values, others) {
  const [own, other] = [bootstrapInterval(values), bootstrapInterval(others)];
  const difference = bootstrapInterval(values.map((value, i) => value - others[i]));
  return { ...own, difference, isWithin: own.mean >= other.low && own.mean <= other.high };
}
