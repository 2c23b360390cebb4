// Simulates a bench of 10^6 clips over a queue from measured times: workers are killed and restarted, jobs are repeated, and
// the server and the collecting bench can each become the bottleneck. Prints the tables of docs/scale.md; --write updates
// the page.
//
//   node bench/scale/simulate.mjs [--measured FILE] [--clips 1000000] [--workers 10,100,1000]
//        [--hours-between-kills 24] [--price 0.05] [--more 'LABEL=SECONDS'] [--seed 0] [--write]
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { MOST_HANDED_OUT } from '../../dist/bench/queue/runOnQueue.js';
import { markdownTable } from '../../dist/bench/table/markdown.js';
import { Failure, main, root } from '../../scripts/run.mjs';
import { mean } from '../common/averages.mjs';
import { savePage } from '../common/page.mjs';
import { simulatePool } from './pool.mjs';

const PAGE = join(root, 'docs', 'scale.md');
const [BEGIN, END] = ['<!-- simulated: begin -->', '<!-- simulated: end -->'];

main(async () => {
  const { values } = parseArgs({
    options: {
      measured: { type: 'string', default: join(root, 'bench', 'scale', 'measured.json') },
      clips: { type: 'string', default: '1000000' },
      workers: { type: 'string', default: '10,100,1000' },
      'hours-between-kills': { type: 'string', default: '24' },
      price: { type: 'string', default: '0.05' },
      more: { type: 'string', multiple: true, default: [] },
      seed: { type: 'string', default: '0' },
      write: { type: 'boolean', default: false },
    },
  });
  const measured = JSON.parse(readFileSync(values.measured, 'utf8'));
  const setting = {
    clips: Number(values.clips),
    workers: values.workers.split(',').map(Number),
    hoursBetweenKills: Number(values['hours-between-kills']),
    price: Number(values.price),
    seed: Number(values.seed),
  };
  if (Object.values(setting).flat().some(Number.isNaN))
    throw new Failure('--clips, --workers, --hours-between-kills, --price and --seed take numbers.');
  const methods = [...Object.entries(measured.methods), ...values.more.map((text) => scaled(text, measured))];
  const text = [
    inputs(measured, setting, methods),
    pools(measured, setting, methods),
    limits(measured, setting, methods),
  ].join('\n\n');
  if (values.write) await write(text);
  else process.stdout.write(`${text}\n`);
});

/** `LABEL=SECONDS`: the last measured method's times, scaled to another mean. */
function scaled(text, { methods }) {
  const [label, seconds] = text.split('=');
  const last = Object.values(methods).at(-1);
  const factor = Number(seconds) / mean(last.seconds);
  if (!(factor > 0)) throw new Failure(`${text} is not LABEL=SECONDS.`);
  return [label, { seconds: last.seconds.map((value) => value * factor), bytes: last.bytes, given: true }];
}

/** The measurements that the simulation starts from. */
function inputs({ machine, queue }, { clips }, methods) {
  const rows = methods.map(([label, { seconds, bytes, given }]) => [
    label,
    given ? `${number(mean(seconds))} (given)` : `${number(mean(seconds))} (of ${seconds.length})`,
    number(bytes),
    gigabytes(bytes * clips),
    gigabytes(queue.trafficBytesPerJob * clips),
    millions(queue.scriptsPerJob * clips),
  ]);
  const head = ['method', 'seconds an item', 'bytes a line', 'journal, GB', 'traffic, GB', 'requests, 10⁶'];
  return `Measured on ${machine.replace('×', 'cores,')}; for ${clips.toLocaleString('en')} clips and one model:

${markdownTable(head, rows)}

A job costs the server ${queue.scriptsPerJob} scripts (${queue.commandsPerJob} commands inside them) and ${number(1000 * queue.serverSecondsPerJob)} ms, ${number(queue.waitingBytesPerJob)} bytes while it waits, ${number(queue.uncollectedBytesPerJob)} bytes until its result is collected, ${number(queue.appendedBytesPerJob)} bytes of its append-only file before that is rewritten; and the bench ${number(1000 * queue.collectSecondsPerJob)} ms to write its line down. At most ${MOST_HANDED_OUT.toLocaleString('en')} jobs are in the server at a time, so it never holds more than ${number((MOST_HANDED_OUT * Math.max(queue.waitingBytesPerJob, queue.uncollectedBytesPerJob)) / 1e6)} MB.`;
}

function pools({ queue }, { clips, workers, hoursBetweenKills, price, seed }, methods) {
  const rows = methods.flatMap(([label, { seconds }]) =>
    workers.map((count) => {
      const run = simulatePool({
        items: clips,
        seconds,
        workers: count,
        killEvery: hoursBetweenKills * 3600,
        server: queue.serverSecondsPerJob,
        collector: queue.collectSecondsPerJob,
        seed,
      });
      const hours = (count * run.wall) / 3600;
      return [
        label,
        count.toLocaleString('en'),
        number(run.wall / 86_400),
        number(hours),
        number(hours * price),
        percent(run.computed / 3600 / hours),
        percent(run.lost / 3600 / hours),
        run.again.toLocaleString('en'),
        run.givenUp.toLocaleString('en'),
        percent(run.server),
        percent(run.collector),
      ];
    }),
  );
  const head = [
    'method',
    'workers',
    'days',
    'worker-hours',
    'cost',
    'computing',
    'lost',
    'done again',
    'given up',
    'server busy',
    'bench busy',
  ];
  return `Simulated, each worker killed every ${hoursBetweenKills} hours on average and back two minutes later, at ${price} a worker-hour:

${markdownTable(head, rows)}`;
}

/** How many workers saturate the bench and the server, and what making the tables costs. */
function limits({ queue, tables }, { clips }, methods) {
  const rows = methods.map(([label, { seconds, bytes }]) => [
    label,
    count(mean(seconds) / queue.collectSecondsPerJob),
    count(mean(seconds) / queue.serverSecondsPerJob),
    count(2 ** 31 / bytes),
  ]);
  const head = ['method', 'workers that fill the bench', 'workers that fill the server', 'lines in 2 GiB'];
  const [small, large] = tables;
  const slope = (name) => (large[name] - small[name]) / (large.results - small.results);
  const at = (name) => large[name] + slope(name) * (clips - large.results);
  return `${markdownTable(head, rows)}

Making the tables of ${large.results.toLocaleString('en')} results took ${number(large.seconds)} s and ${number(large.bytes / 1e6)} MB (of ${small.results.toLocaleString('en')}: ${number(small.seconds)} s, ${number(small.bytes / 1e6)} MB); in proportion, ${clips.toLocaleString('en')} would take ${number(at('seconds') / 60)} minutes and ${number(at('bytes') / 1e9)} GB.`;
}

async function write(text) {
  const page = readFileSync(PAGE, 'utf8');
  const [before, after] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (before < 0 || after < before)
    throw new Failure(`${PAGE} does not have the markers of the tables: ${BEGIN} … ${END}`);
  await savePage(PAGE, [page.slice(0, before + BEGIN.length), text, page.slice(after).trimEnd()]);
}

/** Three significant digits. */
function number(value) {
  return Number(value.toPrecision(3)).toLocaleString('en', { maximumFractionDigits: 10 });
}

function count(value) {
  return Math.floor(Number(value.toPrecision(2))).toLocaleString('en');
}

function percent(share) {
  return `${(100 * share).toFixed(1)} %`;
}

function gigabytes(bytes) {
  return number(bytes / 1e9);
}

function millions(value) {
  return number(value / 1e6);
}
