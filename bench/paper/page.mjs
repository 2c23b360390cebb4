// Writes docs/results.md. Every number on the page comes from the benches' files; the remarks come from remarks.md, which is
// written by hand.
import { copyFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { markdownTable, withInterval } from '../../dist/bench/table/markdown.js';
import { titleOf } from '../../dist/evaluate/metrics.js';
import { savePage } from '../common/page.mjs';
import { recordsOf } from '../common/records.mjs';
import { MEASURED } from './frames.mjs';
import { compare, differencesTable, metricOf } from './paired.mjs';
import { DEFAULT, fepLabel, ITERATIONS, OTHER_MODEL, PAGE, PICTURES, SETTLING } from './settings.mjs';

const COLUMNS = [
  'dc',
  'accuracy',
  'stc',
  'realisedArea',
  'stcIou',
  'stcAt5',
  'stcAt10',
  'stcAt20',
  'pointing',
  'deletion',
  'insertion',
];
/** Rows of the other model's bench that are F-EP itself or a control. */
const UNCOMPARED = [DEFAULT, 'Random', 'Center', 'Oracle'];
const DIFFICULTY_COLUMNS = ['dc', 'accuracy', 'stcAt10'];
const BUDGET_COLUMNS = ['dc', 'accuracy', 'stc', 'realisedArea', 'stcAt10'];

/** found: each model's results; other: the folder of the other model's bench */
export async function writePage(found, other) {
  const parts = [
    INTRODUCTION,
    readFileSync(new URL('remarks.md', import.meta.url), 'utf8').trim(),
    ...verdicts(found),
    ...Object.entries(found).flatMap(([model, of]) => byDefault(model, of)),
    ...Object.entries(found).flatMap(([model, of]) => comparison(model, of)),
    ...anotherFamily(other),
    ...difficulty(found),
    ...settling(found),
    ...budgets(found),
    ...frames(found),
  ];
  await savePage(PAGE, parts);
}

const INTRODUCTION = `# What the methods find on the synthetic clips

Made by \`npm run results\`; settings in \`bench/paper/settings.mjs\`. All numbers in %, with 95 % bootstrap intervals.
STC is the recall of the boxes at τ = 0.5 and grows with what a mask opens; STC@a keeps exactly a % of the voxels. Every
mask has a budget of 5 % of the frame; float32, batch normalisation folded. **${DEFAULT}** is what \`explain\` runs by
default (\`--preset quick\`, 60 updates, step 7), with the budget in place of the smallest area. **F-EP on parameters** and **on
mask** have the paper's constant bands, and step 13 and σ 23 as 3D-EP and STEP have here, with ${ITERATIONS} iterations each.`;

function verdicts(found) {
  const lines = Object.entries(found).flatMap(([model, of]) => [
    ...quickRivals(of).map((rival) => verdict(model, DEFAULT, rival)),
    ...rivals(of).map((rival) => verdict(model, fepLabel(of.selected.cell.domain), rival)),
  ]);
  return [
    '## F-EP against its peers, clip by clip',
    'A win or a loss is a mean difference whose interval does not hold 0.',
    lines.join('\n'),
  ];
}

function verdict(model, own, { other, records }) {
  const compared = compare(records, own, other);
  const named = (kind) => {
    const titles = compared.filter((one) => one.verdict === kind).map(({ title }) => title);
    return titles.join(', ') || 'nothing';
  };
  return `- **${model}**, ${own} against ${other}: wins ${named('win')}; loses ${named('loss')}; ties ${named('tie')}.`;
}

/** Every method that F-EP as it is by default is compared with; the records hold all of them. */
function quickRivals({ quick, rise, comparison, selected }) {
  const records = [quick, rise, comparison].flatMap(recordsOf);
  return [
    fepLabel(selected.cell.domain),
    'F-EP, constant bands',
    '3D-EP',
    '3D-EP, quick',
    'STEP',
    'Grad-CAM++',
    'Grad-CAM',
    'Integrated Gradients',
    'SmoothGrad',
    'RISE',
  ].map((other) => ({ other, records }));
}

/** F-EP as it is by default, and its peers in as few updates. */
function byDefault(model, found) {
  const [quick, rise] = [found.quick, found.rise].map(rowsOf);
  return [
    `## ${model}: F-EP as \`explain\` has it, ${quick[0].clips} clips`,
    metricsTable(quick),
    `RISE on the first ${rise[0].clips} of these clips:`,
    metricsTable(rise),
    `Differences, ${DEFAULT} minus the other, on the clips that both have:`,
    differencesTable(DEFAULT, quickRivals(found)),
  ];
}

/** The model for which nothing was chosen. */
function anotherFamily(folder) {
  const rows = rowsOf(folder);
  const records = recordsOf(folder);
  const others = rows.map(({ method }) => method).filter((method) => !UNCOMPARED.includes(method));
  return [
    `## ${OTHER_MODEL.name}: another family, ${rows[0].clips} clips`,
    'A video transformer ([its card](../models/transformer-mini.md)). No setting was chosen on it. **F-EP, published** has the ratios ' +
      `of the paper's R(2+1)D; it, 3D-EP and STEP take step 13, σ 23 and ${ITERATIONS} iterations.`,
    metricsTable(rows),
    `Differences, ${DEFAULT} minus the other, on the same clips:`,
    differencesTable(
      DEFAULT,
      others.map((method) => ({ other: method, records })),
    ),
  ];
}

/** The methods that F-EP with constant bands is compared with, and the records that contain them. */
function rivals({ comparison, otherDomain }) {
  const records = recordsOf(comparison);
  const others = recordsOf(otherDomain);
  return [
    { other: '3D-EP', records },
    { other: 'STEP', records },
    { other: others[0].method, records: [...records, ...others] },
  ];
}

function comparison(model, found) {
  const { comparison: folder, otherDomain, selected } = found;
  const { cell, stcAt10, ep, gain } = selected;
  const rows = rowsOf(folder);
  const own = fepLabel(cell.domain);
  return [
    `## ${model}: the paper's methods, ${rows[0].clips} clips`,
    `Selected on ${stcAt10.n} validation clips by STC@10: r_l = ${cell.lowRatio}, r_h = ${cell.highRatio}, domain ` +
      `${cell.domain} (${withInterval(stcAt10)}, 3D-EP ${withInterval(ep)}, difference ${withInterval(gain)}).`,
    metricsTable(rows),
    `With the other domain, on the first ${rowsOf(otherDomain)[0].clips} clips:`,
    metricsTable(rowsOf(otherDomain)),
    `Differences, ${own} minus the other, on the same clips:`,
    differencesTable(own, rivals(found)),
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

function frames(found) {
  const rows = Object.entries(found).flatMap(([model, { frames: budgets }]) =>
    budgets.map(({ budget, metrics }) => [
      model,
      `${100 * budget} %`,
      ...MEASURED.map((name) => withInterval(metrics[name])),
    ]),
  );
  const [[{ frames: budgets }]] = [Object.values(found)];
  return [
    '## Which frames',
    `${DEFAULT} on ${budgets[0].clips} clips of the difficulty \`brief\`, whose actor is to be seen in 40 to 60 % of the frames, with a ` +
      'budget of 5 % of the clip and budgets of frames. A frame is kept where some of its mask is at least ½.',
    markdownTable(
      [
        'Model',
        'Frames budget',
        'Answers right',
        'Frames kept',
        'of those with the actor',
        'of the kept: with the actor',
        'mask’s mass with the actor',
        'probability kept',
      ],
      rows,
    ),
  ];
}
