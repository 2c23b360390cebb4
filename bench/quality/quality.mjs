// npm run quality: how many updates a mask needs. Explains the same synthetic clips with the published 2,000 iterations,
// until the energies have settled, and by the fast schedule; times an iteration of the usual PyTorch script and of ours; and
// writes bench/results/quality.json, which `npm run performance` puts into docs/performance.md.
//
// The runs take hours: what bench/results/quality.tar.gz has of them is not computed again, and an interrupted run goes on
// where it was. `--shard i/n` computes a part of the clips only, so that several processes can share the work.
import { parseArgs } from 'node:util';
import { shard } from '../../dist/cli/values.js';
import { unpackRecords } from '../common/records.mjs';
import { computeRows } from './compute.mjs';
import { saveQuality } from './files.mjs';
import { FOLDER } from './settings.mjs';
import { summarize } from './summarize.mjs';
import { measureIteration } from './timing.mjs';

const { values } = parseArgs({ options: { shard: { type: 'string' } } });
unpackRecords('quality', FOLDER);
const complete = await computeRows(values.shard && shard(values.shard));
if (complete) saveQuality({ ...summarize(), timing: await measureIteration() });
