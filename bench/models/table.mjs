// The table of `npm run bench:models`, for the terminal and for docs/models.md.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { markdownTable } from '../../dist/bench/table/markdown.js';
import { root } from '../../scripts/run.mjs';
import { machineName } from '../common/results.mjs';

const PAGE = join(root, 'docs', 'models.md');
const BEGIN = '<!-- npm run bench:models -->';
const END = '<!-- end of the table -->';

const HEAD = [
  'model',
  'clip',
  'import, s',
  'gradient off by',
  'two clips',
  'PyTorch, ms',
  'as a product, ms',
  'F-EP, ms',
  'tuned',
  'bfloat16, tuned',
  'Grad-CAM at',
  'IG',
  'RISE',
  'rollout',
];

export function modelsTable(results) {
  return markdownTable(HEAD, results.map(row));
}

function row({ name, error, ...one }) {
  if (error) return [name, error, ...HEAD.slice(2).map(() => '')];
  const { input, importSeconds, check, eager, update, tuned, bfloat16Update, others } = one;
  return [
    name,
    `${input.frames}×${input.height}×${input.width}`,
    importSeconds.toFixed(0),
    check.gradient === 0 ? '0' : check.gradient.toExponential(0),
    check.batch,
    eager.milliseconds.toFixed(0),
    asProduct(eager).toFixed(0),
    beside(eager, update),
    beside(eager, tuned),
    bfloat16Update ? beside(eager, bfloat16Update) : one.bfloat16,
    others['grad-cam'].layer ? `\`${others['grad-cam'].layer}\`` : '–',
    works(others['integrated-gradients']),
    works(others.rise),
    works(others['attention-rollout']),
  ];
}

/** Milliseconds of an update, and how many times faster than PyTorch's pass it is. */
function beside(eager, { milliseconds }) {
  return `${milliseconds.toFixed(0)} (${(eager.milliseconds / milliseconds).toFixed(2)}×)`;
}

/** Milliseconds of a pass whose operations, as written, all ran at the rate of a large matrix product in float32. */
const asProduct = ({ needs: { forward, backward }, machine }) =>
  (1000 * (forward.operations + backward.operations)) / machine.operationsPerSecond;

const works = ({ error }) => (error ? '–' : '✓');

/** Writes the table of a saved measurement into docs/models.md. */
export function writePage({ date, machine, threads, results }) {
  const page = readFileSync(PAGE, 'utf8');
  const before = page.slice(0, page.indexOf(BEGIN) + BEGIN.length);
  const after = page.slice(page.indexOf(END));
  const about = `${machineName(machine)}, ${threads} ${threads === 1 ? 'thread' : 'threads'}, ${date}.`;
  writeFileSync(PAGE, `${before}\n\n${about}\n\n${modelsTable(results)}\n\n${after}`);
}
