// npm run fuzz: spoilt input at every boundary, none of which may bring down or hold up the process, or be answered with
// anything but a FepError.
//
//   npm run fuzz -- [--cases 10000] [--seed 0] [--only npy,pickle] [--from 123]
import { parseArgs } from 'node:util';
import { BOUNDARIES, fuzz } from './run.mjs';

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '0' },
    from: { type: 'string', default: '0' },
    only: { type: 'string', default: BOUNDARIES.join() },
  },
});

let failed = 0;
for (const boundary of values.only.split(',')) {
  const start = performance.now();
  const job = { boundary, seed: Number(values.seed), from: Number(values.from), cases: Number(values.cases) };
  const { answered, refused, peakMegabytes, violations } = await fuzz(job);
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  console.log(
    `${boundary.padEnd(10)} ${values.cases} cases, ${answered} answered, ${refused} refused with a FepError, ` +
      `${violations.length} violations, peak ${peakMegabytes} MB, ${seconds} s`,
  );
  for (const { case: number, what, message } of violations) {
    console.log(
      `  ${what}: npm run fuzz -- --only ${boundary} --seed ${job.seed} --from ${number} --cases 1`,
    );
    console.log(`    ${message.replaceAll('\n', '\n    ')}`);
  }
  failed += violations.length;
}
process.exitCode = failed > 0 ? 1 : 0;
