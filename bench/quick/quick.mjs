// npm run results:quick: compares `--preset quick` with its peers on held-out clips, and writes docs/quick.md. Records in
// bench/results/quick.tar.gz are not computed again; an interrupted run resumes. `--model NAME` computes one model's results
// and writes no page, so that two processes can share the work.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { markdownTable, withInterval } from '../../dist/bench/table/markdown.js';
import { bench } from '../../dist/entries/bench.mjs';
import { titleOf } from '../../dist/evaluate/metrics.js';
import { say } from '../../scripts/run.mjs';
import { savePage } from '../common/page.mjs';
import { packRecords, recordsOf, unpackRecords } from '../common/records.mjs';
import { differencesTable, metricOf } from '../paper/paired.mjs';
import { comparison, FOLDER, MODELS, OWN, PAGE } from './settings.mjs';

const COLUMNS = ['dc', 'realisedArea', 'stcIou', 'stcAt5', 'stcAt10', 'pointing', 'deletion', 'insertion'];

const INTRODUCTION = `# Small masks in few updates

Made by \`npm run results:quick\`; settings in \`bench/quick/settings.mjs\`. Synthetic clips of the hardest kind that neither the
models nor the settings of \`--preset quick\` were chosen on; a budget of 5 % of the frame, 120 updates for every mask. All
numbers in %, with 95 % bootstrap intervals; STC@a keeps exactly a % of the voxels.`;

const { values } = parseArgs({ options: { threads: { type: 'string' }, model: { type: 'string' } } });
unpackRecords('quick', FOLDER);
for (const model of values.model === undefined ? MODELS : [values.model]) {
  const threads = values.threads === undefined ? {} : { threads: Number(values.threads) };
  say(model);
  await bench({ ...comparison(model), ...threads, out: join(FOLDER, model) });
}
if (values.model === undefined) {
  const remarks = readFileSync(new URL('remarks.md', import.meta.url), 'utf8').trim();
  await savePage(PAGE, [INTRODUCTION, remarks, ...MODELS.flatMap(section)]);
  packRecords('quick', FOLDER);
}

function section(model) {
  const records = recordsOf(join(FOLDER, model));
  const { rows } = JSON.parse(readFileSync(join(FOLDER, model, 'table.json'), 'utf8'));
  const shown = rows.filter(({ area }) => area === 0.05);
  const titles = COLUMNS.map((name) => titleOf(metricOf(name)));
  return [
    `## ${model}, ${shown[0].clips} clips`,
    markdownTable(
      ['Method', ...titles],
      shown.map(({ method, metrics }) => [method, ...COLUMNS.map((name) => withInterval(metrics[name]))]),
    ),
    `Differences, ${OWN} minus the other, on the same clips; an interval that does not hold 0 is a win or a loss:`,
    differencesTable(
      OWN,
      shown
        .filter(({ method, control }) => method !== OWN && !control)
        .map(({ method }) => ({ other: method, records })),
      COLUMNS,
    ),
  ];
}
