// npm run soak:studio: many runs of one studio, as the command line starts it, asked over HTTP. Neither the server's memory nor
// that of the model's process may grow: what they take in the ten runs up to the first quarter is compared with the last ten.
//
//   npm run soak:studio -- [--runs 200]
//
// Both collect their garbage when they like, so that a median is compared, and may differ by MARGIN MB. A run leaves a report of
// 0.4 MB: one that stayed in memory each time would add 60 MB over 150 runs, five times as much.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { residentMegabytes } from '../../dist/system/residentMegabytes.js';
import { beginStudio, clip, ENDS, endBy, model } from '../helpers/studioClient.mjs';

const { values } = parseArgs({ options: { runs: { type: 'string', default: '200' } } });
const runs = Number(values.runs);
const WINDOW = 10;
const MARGIN = { server: 12, model: 24 };
const CHEAP = { clip, model, options: { method: 'center' } };

const folder = mkdtempSync(join(tmpdir(), 'fep-soak-'));
const studio = await beginStudio(folder);
const server = studio.child.pid;
const took = { server: [], model: [] };
try {
  for (let run = 0; run < runs; run++) {
    const { id } = await studio.start(CHEAP);
    const { state, problem } = await studio.until(id, ENDS);
    if (state !== 'done') throw new Error(`run ${run + 1}: ${state} ${JSON.stringify(problem)}`);
    const hosts = childrenOf(server);
    if (hosts.length !== 1) throw new Error(`run ${run + 1}: ${hosts.length} processes of models`);
    took.server.push(residentMegabytes(server));
    took.model.push(residentMegabytes(hosts[0]));
  }
} finally {
  await endBy(studio.child, 'SIGTERM');
  rmSync(folder, { recursive: true, force: true });
}
const found = Object.entries(took).map(([name, all]) => [name, growthOf(all)]);
console.log(JSON.stringify({ runs, margin: MARGIN, ...Object.fromEntries(found) }));
process.exitCode = found.every(([name, { growth }]) => growth <= MARGIN[name]) ? 0 : 1;

function growthOf(all) {
  const quarter = Math.floor(runs / 4);
  const early = median(all.slice(quarter - WINDOW, quarter));
  const late = median(all.slice(-WINDOW));
  return { early, late, growth: late - early };
}

function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}

function childrenOf(pid) {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);
}
