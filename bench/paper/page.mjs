// Writes docs/results.md. Every number on the page comes from the benches' files; the remarks come from remarks.md, which is
// written by hand.
import { copyFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { markdownTable, withInterval } from '../../dist/bench/table/markdown.js';
import { titleOf } from '../../dist/evaluate/metrics.js';
import { savePage } from '../common/page.mjs';
import { recordsOf } from '../common/records.mjs';
import { compare, differencesTable, metricOf } from './paired.mjs';
import { fepLabel, ITERATIONS, PAGE, PICTURES, SETTLING } from './settings.mjs';

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
const DIFFICULTY_COLUMNS = ['dc', 'accuracy', 'stcAt10'];
const BUDGET_COLUMNS = ['dc', 'accuracy', 'stc', 'realisedArea', 'stcAt10'];

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
  await savePage(PAGE, parts);
}

const INTRODUCTION = `# What the methods find on the synthetic clips

Made by \`npm run results\`; settings in \`bench/paper/settings.mjs\`. All numbers in %, with 95 % bootstrap intervals.
STC is the recall of the boxes at τ = 0.5 and grows with what a mask opens; STC@a keeps exactly a % of the voxels. A
mask's area is a share of the frame here, step 13 and σ 23 for all, ${ITERATIONS} iterations, float32, batch normalisation folded.`;

function verdicts(found) {
  const lines = Object.entries(found).flatMap(([model, { comparison, otherDomain, selected }]) => {
    const own = fepLabel(selected.cell.domain);
    return rivals(comparison, otherDomain).map(({ other, records }) => {
      const compared = compare(records, own, other);
      const named = (verdict) => {
        const titles = compared.filter((one) => one.verdict === verdict).map(({ title }) => title);
        return titles.join(', ') || 'nothing';
      };
      return `- **${model}**, ${own} against ${other}: wins ${named('win')}; loses ${named('loss')}; ties ${named('tie')}.`;
    });
  });
  return [
    '## F-EP against its peers, clip by clip',
    'A win or a loss is a mean difference whose interval does not hold 0.',
    lines.join('\n'),
  ];
}

/** The methods that F-EP is compared with, and the records that contain them. */
function rivals(comparison, otherDomain) {
  const records = recordsOf(comparison);
  const others = recordsOf(otherDomain);
  return [
    { other: '3D-EP', records },
    { other: 'STEP', records },
    { other: others[0].method, records: [...records, ...others] },
  ];
}

function comparison(model, { comparison: folder, otherDomain, selected }) {
  const { cell, stcAt10, ep, gain } = selected;
  const rows = rowsOf(folder);
  const own = fepLabel(cell.domain);
  return [
    `## ${model}, ${rows[0].clips} clips`,
    `Selected on ${stcAt10.n} validation clips by STC@10: r_l = ${cell.lowRatio}, r_h = ${cell.highRatio}, domain ` +
      `${cell.domain} (${withInterval(stcAt10)}, 3D-EP ${withInterval(ep)}, difference ${withInterval(gain)}).`,
    metricsTable(rows),
    `With the other domain, on the first ${rowsOf(otherDomain)[0].clips} clips:`,
    metricsTable(rowsOf(otherDomain)),
    `Differences, ${own} minus the other, on the same clips:`,
    differencesTable(own, rivals(folder, otherDomain)),
    ...pictures(model, folder),
  ];
}

function metricsTable(rows) {
  return markdownTable(
    ['Method', ...titles(COLUMNS)],
    rows.map(({ method, metrics }) => [method, ...intervals(metrics, COLUMNS)]),
  );
}

function titles(names) {
  return names.map((name) => titleOf(metricOf(name)));
}

function intervals(metrics, names) {
  return names.map((name) => withInterval(metrics[name]));
}

/** The rows of a bench's table. */
function rowsOf(folder) {
  return JSON.parse(readFileSync(join(folder, 'table.json'), 'utf8')).rows;
}

/** Copies the model's Fig. 4 into docs/results. @returns the images in Markdown */
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
        model,
        level,
        method,
        ...intervals(metrics, DIFFICULTY_COLUMNS),
      ]),
    ),
  );
  return [
    '## How hard the clips must be',
    'On 24 validation clips; the oracle keeps the boxes, random is a smooth random field. Where random masks keep the class, ' +
      'accuracy tells nothing apart; `hard` leaves the methods the most room between the two.',
    markdownTable(['Model', 'Difficulty', 'Method', ...titles(DIFFICULTY_COLUMNS)], rows),
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
      model,
      `${100 * area} %`,
      method,
      ...intervals(metrics, BUDGET_COLUMNS),
    ]),
  );
  return [
    '## Other budgets',
    'The first 6 clips at three budgets.',
    markdownTable(['Model', 'Budget', 'Method', ...titles(BUDGET_COLUMNS)], rows),
  ];
}
