// The section of docs/performance.md on how many updates a mask needs, from bench/results/quality.json.

import { markdownTable, withInterval } from '../../dist/bench/table/markdown.js';
import { machineName } from '../common/results.mjs';

const COLUMNS = [
  ['dc', 'DC ↓'],
  ['accuracy', 'Acc. ↑'],
  ['stc', 'STC ↑'],
  ['stcAt10', 'STC@10 ↑'],
  ['area', 'Area'],
];
const JUDGED = {
  energy: { label: 'energy', better: 'low' },
  dc: { label: 'DC', better: 'low' },
  accuracy: { label: 'Acc.', better: 'high' },
  stc: { label: 'STC', better: 'high' },
};

export function qualitySection({ date, machine, model, clips, rows, timing }) {
  const [full, ...others] = rows;
  const script = (full.updates.mean * timing.theirs) / 1000;
  return [
    '## How many updates a mask needs',
    `F-EP with a budget of 10 % on ${clips} hard synthetic clips, ${model}, ${date}. \`--until converged\` ends the published run ` +
      'once its energies have settled; `--schedule fast` makes 120 updates: as published until the mask has its place, then with ' +
      'five times the learning rate and gradients that are limited, and slowly at the end; `--schedule quick` makes 60, with less ' +
      'momentum. The last row is what `explain` runs by default, with a budget in place of the smallest area: it counts the frame ' +
      'and takes another grid, so that its energy is not comparable. The energy is what a run minimises, at its end; all else ' +
      'in %. Intervals are 95 % bootstrap intervals over the clips.',
    markdownTable(
      ['Course', 'Updates', 'Energy ↓', ...COLUMNS.map(([, title]) => title)],
      rows.map(({ title, updates, metrics }) => [
        title,
        updates.mean.toFixed(0),
        metrics.energy ? plain(metrics.energy) : '–',
        ...COLUMNS.map(([name]) => withInterval(metrics[name])),
      ]),
    ),
    `On this machine (${machineName(machine)}, ${machine.threads} threads) an iteration takes ` +
      `${timing.theirs.toFixed(0)} ms in the usual PyTorch script and ${timing.ours.toFixed(0)} ms here (batch normalisation folded; ` +
      `medians of ${timing.pairs} pairs of ${timing.iterations}), so that a clip takes:`,
    markdownTable(
      ['Course', 'Seconds', 'of the script’s time'],
      [
        ['PyTorch script, 2,000 iterations', script.toFixed(0), '100 %'],
        ...rows.map(({ title, updates }) => {
          const seconds = (updates.mean * timing.ours) / 1000;
          return [title, seconds.toFixed(1), `${((100 * seconds) / script).toFixed(1)} %`];
        }),
      ],
    ),
    [
      'Against the full run, clip by clip:',
      '',
      ...others.map((row) => `- ${verdict(row, full.metrics)}`),
    ].join('\n'),
  ];
}

function verdict({ title, metrics }, full) {
  const judged = Object.entries(JUDGED).filter(([name]) => metrics[name]);
  const told = judged.map(([name, { label, better }]) => {
    const { difference, isWithin } = metrics[name];
    const shown = name === 'energy' ? plain(difference) : withInterval(difference);
    if (isWithin) return `${label} ${shown}`;
    const isBetter = metrics[name].mean < full[name].low === (better === 'low');
    return `${label} ${shown} (${isBetter ? 'better' : 'worse'} than the full run’s interval)`;
  });
  const all = judged.every(([name]) => metrics[name].isWithin);
  const close = all ? 'every mean is within the full run’s interval; differences: ' : 'differences: ';
  return `${title}: ${close}${told.join(', ')}.`;
}

function plain({ mean, low, high }) {
  return `${mean.toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}]`;
}
