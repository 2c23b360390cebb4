// Measures the input of the plan for 10^6 clips: the seconds and bytes per item, from the results.jsonl of a real bench, and
// the cost of the queue per item, on a Redis started for the purpose. Prints JSON for simulate.mjs.
//
//   node bench/scale/measure.mjs --results FOLDER/results.jsonl [--results …] [--method LABEL,LABEL] > measured.json
//
// The queue is measured with jobs that compute nothing: a real Redis and a real bench, but a worker that answers every job
// with the same line of the results.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { PREFIX, QUEUE_NAME } from '../../dist/bench/queue/connect.js';
import { BATCH } from '../../dist/bench/queue/runOnQueue.js';
import { bench } from '../../dist/entries/bench.mjs';
import { findRedis, REDIS_HINT } from '../../scripts/redis.mjs';
import { Failure, main, root } from '../../scripts/run.mjs';

const PORT = 17_479;
const CLIPS = 1000;
const METHODS = ['random', 'center'];
const LABELS = ['Random', 'Center'];
const JOBS = CLIPS * METHODS.length;
const TABLE_SIZES = [5_000, 20_000];

main(async () => {
  const { values } = parseArgs({
    options: { results: { type: 'string', multiple: true, default: [] }, method: { type: 'string' } },
  });
  if (values.results.length === 0)
    throw new Failure('Name the results of a bench: --results FOLDER/results.jsonl');
  if (!findRedis()) throw new Failure(REDIS_HINT);
  const all = values.results.flatMap((file) => readFileSync(file, 'utf8').trimEnd().split('\n'));
  const wanted = values.method?.split(',');
  const lines = all.filter((line) => wanted?.includes(JSON.parse(line).method) ?? true);
  const { queue, tables } = await measureQueue(JSON.parse(lines[0]));
  const measured = {
    machine: `${cpus().length} × ${cpus()[0].model.trim()}`,
    methods: itemsOf(lines),
    queue,
    tables,
  };
  process.stdout.write(`${JSON.stringify(measured, null, 2)}\n`);
});

/** The seconds of every item and the mean bytes per line, by method. */
function itemsOf(lines) {
  const methods = {};
  for (const line of lines) {
    const { method, timing } = JSON.parse(line);
    methods[method] ??= { seconds: [], bytes: 0 };
    const { seconds } = methods[method];
    seconds.push(Number((timing.seconds + timing.scoringSeconds).toFixed(2)));
    methods[method].bytes += (Buffer.byteLength(line) + 1 - methods[method].bytes) / seconds.length;
  }
  for (const of of Object.values(methods)) of.bytes = Math.round(of.bytes);
  return methods;
}

/** What it costs the server and the bench to enqueue, answer and collect the jobs. */
async function measureQueue(record) {
  const folder = mkdtempSync(join(tmpdir(), 'fep-measure-'));
  const args = ['--port', PORT, '--bind', '127.0.0.1', '--save', '', '--dir', folder, '--appendonly', 'yes'];
  const server = spawn(findRedis(), args.map(String), { stdio: 'ignore' });
  const client = new Redis({ port: PORT, maxRetriesPerRequest: null, retryStrategy: () => 50 });
  client.on('error', () => {}); // the server is not up yet
  try {
    const queue = new Queue(QUEUE_NAME, { connection: client, prefix: PREFIX });
    const empty = await look(client);
    await handOut(folder, queue);
    const full = await look(client);
    await answerAll(record);
    const worked = await look(client);
    const collectSeconds = await collect(folder);
    const costs = perJob({ empty, full, worked, collected: await look(client) }, collectSeconds);
    return { queue: costs, tables: measureTables(join(folder, 'out'), record) };
  } finally {
    client.disconnect();
    server.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}

function benchOver(folder, more) {
  const options = { methods: METHODS, limit: CLIPS, curveSteps: 0, queue: `redis://127.0.0.1:${PORT}/0` };
  return bench({ ...options, out: join(folder, 'out'), ...more });
}

/** Starts a bench and stops it as soon as all of its jobs are waiting. */
async function handOut(folder, queue) {
  const stop = new AbortController();
  const ended = benchOver(folder, { signal: stop.signal }).catch(() => {});
  while ((await queue.getWaitingCount()) < JOBS) await sleep(100);
  stop.abort();
  await ended;
}

/** Answers every job with the same record, as fast as one worker can. */
async function answerAll(record) {
  const connection = new Redis({ port: PORT, maxRetriesPerRequest: null });
  const answer = async ({ data }) => ({ ...record, place: data.place, method: LABELS[data.method] });
  const worker = new Worker(QUEUE_NAME, answer, { connection, prefix: PREFIX });
  let done = 0;
  await new Promise((resolve) => {
    worker.on('completed', () => ++done === JOBS && resolve());
  });
  await worker.close();
  connection.disconnect();
}

/** @returns seconds per result, from the end of the first batch to the last result */
async function collect(folder) {
  const times = [];
  await benchOver(folder, { onProgress: () => times.push(performance.now()) });
  return (times.at(-1) - times[BATCH - 1]) / 1000 / (JOBS - BATCH);
}

/** The server's own counters. */
async function look(client) {
  const info = await client.info('everything');
  const read = (name) => Number(new RegExp(`^${name}:([\\d.]+)`, 'm').exec(info)?.[1] ?? 0);
  const scripts = [...info.matchAll(/^cmdstat_eval(?:sha)?:calls=(\d+)/gm)];
  return {
    cpuSeconds: read('used_cpu_user') + read('used_cpu_sys'),
    memory: read('used_memory'),
    file: read('aof_current_size'),
    traffic: read('total_net_input_bytes') + read('total_net_output_bytes'),
    scripts: scripts.reduce((sum, [, calls]) => sum + Number(calls), 0),
    commands: read('total_commands_processed'),
  };
}

/** Time and memory to make the tables of TABLE_SIZES results, each measured in its own process. */
function measureTables(out, record) {
  return TABLE_SIZES.map((results) => {
    const places = Array.from({ length: results / METHODS.length }, (_, i) => i);
    const text = places.map((place) =>
      LABELS.map((method) => `${JSON.stringify({ ...record, place, method })}\n`).join(''),
    );
    writeFileSync(join(out, 'results.jsonl'), text.join(''));
    const program = `
      const { writeResults } = require(${JSON.stringify(join(root, 'dist', 'bench', 'writeResults.js'))});
      const { peakMemory } = require(${JSON.stringify(join(root, 'dist', 'peakMemory.js'))});
      const config = ${JSON.stringify(JSON.parse(readFileSync(join(out, 'config.json'), 'utf8')))};
      writeResults(${JSON.stringify(out)}, config).then(() => {
        console.log(JSON.stringify({ seconds: Number(process.uptime().toFixed(1)), bytes: peakMemory() }));
      });`;
    return { results, ...JSON.parse(execFileSync(process.execPath, ['-e', program], { encoding: 'utf8' })) };
  });
}

function perJob({ empty, full, worked, collected }, collectSeconds) {
  const between = (from, to, name) => Number(((to[name] - from[name]) / JOBS).toPrecision(3));
  return {
    jobs: JOBS,
    /** Scripts that the server ran, and commands inside and outside of scripts. */
    scriptsPerJob: between(empty, collected, 'scripts'),
    commandsPerJob: between(empty, collected, 'commands'),
    serverSecondsPerJob: between(empty, collected, 'cpuSeconds'),
    trafficBytesPerJob: between(empty, collected, 'traffic'),
    appendedBytesPerJob: between(empty, collected, 'file'),
    waitingBytesPerJob: between(empty, full, 'memory'),
    uncollectedBytesPerJob: between(empty, worked, 'memory'),
    collectSecondsPerJob: Number(collectSeconds.toPrecision(3)),
  };
}
