// Puts what was computed into docs/results.md. Every number on the page comes from the benches' files; the remarks
// are written by hand in remarks.md beside this file.
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { markdownTable, withInterval } from '../../dist/bench/table/markdown.js';
import { compare, recordsOf } from './paired.mjs';
import { ITERATIONS, PAGE, PICTURES, SETTLING } from './settings.mjs';

const COLUMNS = [
  'dc',
  'accuracy',
  'stc',
  'realisedArea',
  'stcAt5',
  'stcAt10',
  'stcAt20',
  'pointing',
  'deletion',
  'insertion',
];
const TITLES = [
  'DC ↓',
  'Acc. ↑',
  'STC ↑',
  'Area',
  'STC@5 ↑',
  'STC@10 ↑',
  'STC@20 ↑',
  'Pointing ↑',
  'Deletion ↓',
  'Insertion ↑',
];

export async function writePage(found) {
  const parts = [
    INTRODUCTION,
    readFileSync(new URL('remarks.md', import.meta.url), 'utf8').trim(),
    ...verdicts(found),
    ...Object.entries(found).flatMap(([model, of]) => comparison(model, of)),
    ...difficulty(found),
    ...settling(found),
    ...budgets(found),
  ];
  writeFileSync(PAGE, `${parts.join('\n\n')}\n`);
}

const INTRODUCTION = `# What the methods find on the synthetic clips

Made by \`npm run results\`; settings in \`scripts/results/settings.mjs\`. All numbers in %, with 95 % bootstrap intervals.
STC is the recall of the boxes at τ = 0.5 and grows with what a mask opens; STC@a keeps exactly a % of the voxels. A
mask's area is a share of the frame here, step 13 and σ 23 for all, ${ITERATIONS} iterations, float32, batch normalisation folded.`;

function verdicts(found) {
  const lines = Object.entries(found).flatMap(([model, { comparison: folder, selected }]) => {
    const records = recordsOf(folder);
    const { domain } = selected.cell;
    const own = `F-EP on ${domain}`;
    const other = own.endsWith('mask') ? 'F-EP on parameters' : 'F-EP on mask';
    return [['3D-EP'], ['STEP'], [other]].map(([against]) => {
      const found = compare(records, own, against);
      const named = (verdict) =>
        found
          .filter((one) => one.verdict === verdict)
          .map(({ title }) => title)
          .join(', ') || 'nothing';
      return `- **${model}**, ${own} against ${against}: wins ${named('win')}; loses ${named('loss')}; ties ${named('tie')}.`;
    });
  });
  return [
    '## F-EP against its peers, clip by clip',
    'A win or a loss is a mean difference whose interval does not hold 0.',
    lines.join('\n'),
  ];
}

function comparison(model, { comparison: folder, selected }) {
  const { cell, stcAt10, ep, gain } = selected;
  const rows = rowsOf(folder);
  const own = `F-EP on ${cell.domain}`;
  const records = recordsOf(folder);
  return [
    `## ${model}, ${rows[0].clips} clips`,
    `Selected on ${stcAt10.n} validation clips by STC@10: r_l = ${cell.lowRatio}, r_h = ${cell.highRatio}, domain ` +
      `${cell.domain} (${withInterval(stcAt10)}, 3D-EP ${withInterval(ep)}, difference ${withInterval(gain)}).`,
    markdownTable(
      ['Method', ...TITLES],
      rows.map((row) => [row.method, ...COLUMNS.map((name) => withInterval(row.metrics[name]))]),
    ),
    `Differences, ${own} minus the other, on the same clips:`,
    differences(records, own, [
      '3D-EP',
      'STEP',
      ...rows.map(({ method }) => method).filter((name) => name.startsWith('F-EP') && name !== own),
    ]),
    ...pictures(model, folder),
  ];
}

/** The rows of a bench's table. */
function rowsOf(folder) {
  return JSON.parse(readFileSync(join(folder, 'table.json'), 'utf8')).rows;
}

function differences(records, own, others) {
  const columns = others.map((other) => compare(records, own, other));
  const body = columns[0].map(({ title }, i) => [
    title,
    ...columns.map((column) => `${withInterval(column[i].interval)} ${column[i].verdict}`.trim()),
  ]);
  return markdownTable(['Metric', ...others.map((other) => `minus ${other}`)], body);
}

/** Fig. 4 of the model. */
function pictures(model, folder) {
  const from = readdirSync(folder).filter((name) => /^(deletion|insertion)-.*\.svg$/.test(name));
  mkdirSync(PICTURES, { recursive: true });
  return from.map((name) => {
    copyFileSync(join(folder, name), join(PICTURES, name));
    return `![${name.split('-')[0]} curves of ${model}](results/${name})`;
  });
}

function difficulty(found) {
  const rows = Object.entries(found).flatMap(([model, { difficulty: folders }]) =>
    Object.entries(folders).flatMap(([level, folder]) =>
      rowsOf(folder).map(({ method, metrics }) => [
        ...[model, level, method],
        ...['dc', 'accuracy', 'stcAt10'].map((name) => withInterval(metrics[name])),
      ]),
    ),
  );
  return [
    '## How hard the clips must be',
    'On 24 validation clips; the oracle keeps the boxes, random is a smooth random field. Where random masks keep the class, ' +
      'accuracy tells nothing apart; `hard` leaves the methods the most room between the two.',
    markdownTable(['Model', 'Difficulty', 'Method', 'DC ↓', 'Acc. ↑', 'STC@10 ↑'], rows),
  ];
}

function settling(found) {
  const rows = Object.entries(found).flatMap(([model, { settling: methods }]) =>
    methods.map(({ method, left }) => [model, method, ...left.map((share) => (100 * share).toFixed(1))]),
  );
  return [
    '## Whether the energies have settled',
    `What is left of an energy’s whole fall after so many iterations, in %, mean of ${SETTLING.clips} clips; the last column ends the run.`,
    markdownTable(['Model', 'Method', ...SETTLING.at.map(String)], rows),
  ];
}

function budgets(found) {
  const rows = Object.values(found).flatMap(({ budgets: folder }) =>
    rowsOf(folder).map(({ model, area, method, metrics }) => [
      ...[model, `${100 * area} %`, method],
      ...['dc', 'accuracy', 'stc', 'realisedArea', 'stcAt10'].map((name) => withInterval(metrics[name])),
    ]),
  );
  return [
    '## Other budgets',
    'The first 12 clips at three budgets.',
    markdownTable(['Model', 'Budget', 'Method', 'DC ↓', 'Acc. ↑', 'STC ↑', 'Area', 'STC@10 ↑'], rows),
  ];
}
