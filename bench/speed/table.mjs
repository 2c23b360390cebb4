// The tables of `npm run bench:speed` and `npm run bench:bare`, for the terminal and for docs/performance.md.
import { markdownTable } from '../../dist/bench/table/markdown.js';

export function nameOf({ model, step, sigma, method }) {
  return `${model} ${step}/${sigma} ${method}`;
}

export function cells({ variant, theirs, ours, ratio, maskDifference, ...one }) {
  const side = ({ millisecondsPerIteration: ms, shareOutsideModel: share, peakBytes }) => [
    ms.toFixed(ms < 10 ? 2 : 0),
    // Not known on a GPU, which runs asynchronously.
    share === undefined ? '–' : `${(100 * share).toFixed(1)} %`,
    `${(peakBytes / 2 ** 30).toFixed(2)} GiB`,
  ];
  const agreement = `${maskDifference.maximum.toExponential(0)} / ${maskDifference.mean.toExponential(0)}`;
  return [nameOf(one), variant, ...side(theirs), ...side(ours), `${ratio.toFixed(2)}×`, agreement];
}

export function speedTable(results) {
  const sides = ['PyTorch', 'fep-native'].flatMap((side) => [`${side} ms`, 'outside', 'peak']);
  const head = ['case', 'precision', ...sides, 'ratio', 'masks differ, max / mean'];
  return markdownTable(head, results.map(cells));
}

export function bareTable(results) {
  const head = ['case', 'precision', 'model alone, ms', 'iteration, ms', 'outside', 'ratio'];
  const rows = results.map(({ variant, ratio, shareOutsideModel, ...one }) => [
    nameOf(one),
    variant,
    one.bareMilliseconds.toFixed(0),
    one.millisecondsPerIteration.toFixed(0),
    `${(100 * shareOutsideModel).toFixed(1)} %`,
    `${ratio.toFixed(3)}×`,
  ]);
  return markdownTable(head, rows);
}
