// npm run results: computes what docs/results.md says and writes it. What bench/results/records.tar.gz has is not computed
// again; all of it takes hours, and an interrupted run goes on where it was. `--threads N` as for `bench`; `--model NAME`
// computes one model's part only and writes no page, so that two processes can share the work.
import { parseArgs } from 'node:util';
import { packRecords, unpackRecords } from '../common/records.mjs';
import { computeModel } from './compute.mjs';
import { writePage } from './page.mjs';
import { FOLDER, MODELS } from './settings.mjs';

const { values } = parseArgs({ options: { threads: { type: 'string' }, model: { type: 'string' } } });
const threads = values.threads === undefined ? undefined : Number(values.threads);
unpackRecords('records', FOLDER);
const found = {};
for (const model of values.model === undefined ? MODELS : [values.model]) {
  found[model] = await computeModel(model, { threads });
}
if (values.model === undefined) {
  await writePage(found);
  packRecords('records', FOLDER);
}
