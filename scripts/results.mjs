// npm run results: computes what docs/results.md says and writes it. Takes hours the first time; an interrupted run
// goes on where it was. `--threads N` as for `bench`.
import { parseArgs } from 'node:util';
import { compute } from './results/compute.mjs';
import { writePage } from './results/page.mjs';

const { values } = parseArgs({ options: { threads: { type: 'string' } } });
const threads = values.threads === undefined ? undefined : Number(values.threads);
await writePage(await compute({ threads }));
