// npm run soak: many explanations in one process. Memory, threads and handles must not grow. Memory is what the process
// holds at rest: a model's thread gives back what was freed between jobs, at most every ten seconds.
//
//   npm run soak -- [--runs 1000]
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { explain, loadModel, readClip } from 'fep-native';
import { golden, TINY } from '../helpers/golden.mjs';

const { values } = parseArgs({ options: { runs: { type: 'string', default: '1000' } } });
const runs = Number(values.runs);
const MOST_GROWTH = 0.02;
const warmUp = Math.max(20, Math.floor(runs / 5));

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');

/** In turns: both jobs of the addon, a model that comes and goes, and runs that are stopped. */
const KINDS = [
  { method: 'ep', iterations: 2, step: 16, sigma: 23 },
  { method: 'f-ep', iterations: 2, step: 16, sigma: 23, area: [0.1, 0.2] },
  { method: 'gradients' },
  { method: 'grad-cam' },
];

const REST = 11_000;
/** Less than a thousand runs are all warm-up, whose memory may grow: it is measured at the start and at the end alone. */
const isShort = runs < 1000;
const between = Math.max(1, Math.floor((runs - warmUp) / (isShort ? 1 : 8)));

async function measure() {
  await new Promise((done) => setTimeout(done, REST));
  for (let i = 0; i < 3; i++) {
    collect();
    await new Promise((done) => setTimeout(done, 30));
  }
  const status = readFileSync('/proc/self/status', 'utf8');
  const number = (name) => Number(new RegExp(`^${name}:\\s*(\\d+)`, 'm').exec(status)[1]);
  return {
    megabytes: number('VmRSS') / 1024,
    threads: number('Threads'),
    handles: process.getActiveResourcesInfo().filter((kind) => kind !== 'Timeout').length,
  };
}

const model = await loadModel(golden('tiny.pt'), { ...TINY, threads: 1 });
const clip = await readClip(golden('clip.npy'), model.manifest.input);
const samples = [];
for (let run = 0; run < runs; run++) {
  await explain(model, clip, KINDS[run % KINDS.length]);
  if (run % 25 === 24) {
    const other = await loadModel(golden('tiny.pt'), { ...TINY, threads: 1 });
    const signal = AbortSignal.timeout(1);
    await explain(other, clip, { ...KINDS[0], iterations: 1000, signal }).catch(() => {});
    other.dispose();
  }
  if (run + 1 >= warmUp && (run + 1 - warmUp) % between === 0) {
    samples.push({ run: run + 1, ...(await measure()) });
  }
}
model.dispose();
const [first, last] = [samples[0], samples.at(-1)];
const growth = last.megabytes / first.megabytes - 1;
console.log(JSON.stringify({ runs, first, last, growth, samples }));
const flat = growth <= MOST_GROWTH && last.threads === first.threads && last.handles === first.handles;
process.exitCode = flat || isShort ? 0 : 1;
