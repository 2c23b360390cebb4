// npm run quality: how many updates a mask needs. Explains the same synthetic clips with the published 2,000 iterations,
// until the energies have converged, with the schedules of fewer updates, and as `explain` does by default; times an
// iteration of the usual PyTorch script and of fep-native; and writes bench/results/quality.json, from which `npm run performance` writes a section of
// docs/performance.md.
//
// A full run takes hours. Records in bench/results/quality.tar.gz are not computed again, and an interrupted run resumes.
// `--shard i/n` computes only a part of the clips, so that several processes can share the work.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { shardOfFile } from '../../dist/bench/settings/shard.js';
import { shard as parseShard } from '../../dist/cli/values.js';
import { bench, mergeBenches } from '../../dist/entries/bench.mjs';
import { bootstrapInterval } from '../../dist/entries/metrics.mjs';
import { venvPython } from '../../scripts/python-env.mjs';
import { root, say } from '../../scripts/run.mjs';
import { median } from '../common/averages.mjs';
import { packRecords, recordsOf, unpackRecords } from '../common/records.mjs';
import { RESULTS, saveResults } from '../common/results.mjs';
import { prepareClip } from '../speed/prepare.mjs';
import { perIteration, runOurs, runTheirs } from '../speed/sides.mjs';

const FOLDER = join(root, '.cache', 'quality');
const MODEL = 'r2plus1d-mini';
const CLIPS = 50;

/** One bench per row; the first row is the reference for the others. */
const ROWS = [
  { name: 'full', title: 'published, 2,000 iterations', options: { preset: 'paper' } },
  { name: 'converged', title: '`--until converged`', options: { until: 'converged' } },
  { name: 'fast', title: '`--schedule fast`', options: { schedule: 'fast' } },
  { name: 'quick', title: '`--schedule quick`', options: { schedule: 'quick' } },
  {
    name: 'default',
    title: '`--preset quick --area 0.1`',
    options: { preset: 'quick' },
    minimisesTheSame: false, // the area of the frame, on another grid
  },
];

/** What is compared, read from a clip's only mask. */
const MEASURED = {
  energy: ({ energy }) => energy.reward + energy.area + energy.core,
  dc: ({ scores }) => scores.dc,
  accuracy: ({ scores }) => Number(scores.correct),
  stc: ({ scores }) => scores.stcRecall,
  stcAt10: ({ scores }) => scores.stcRecallArea10,
  area: ({ scores }) => scores.realisedArea,
};

const PAIRS = 3;
const TIMED = { method: 'f-ep', iterations: 30 };

const { values } = parseArgs({ options: { shard: { type: 'string' } } });
unpackRecords('quality', FOLDER);
if (values.shard === undefined) {
  for (const row of ROWS) await computeRow(row);
  const { timing, versions } = await measureIteration();
  const file = join(RESULTS, 'quality.json');
  say(saveResults('quality', { versions, ...summarize(), timing }, file));
  packRecords('quality', FOLDER);
} else {
  for (const row of ROWS) await runBench(row, { shard: parseShard(values.shard), threads: 1 });
}

/** Merges the shards of a row, or computes the row. */
async function computeRow(row) {
  const folder = folderOf(row);
  const shards = existsSync(folder) ? readdirSync(folder).map(shardOfFile).filter(Boolean) : [];
  const isSharded = shards.length > 0 && shards.every(({ of }) => of > 1);
  if (isSharded) await mergeBenches([folder], folder);
  else await runBench(row);
}

async function runBench(row, more = {}) {
  say(row.name);
  await bench({
    out: folderOf(row),
    models: [MODEL],
    data: 'synthetic',
    difficulty: 'hard',
    limit: CLIPS,
    foldBatchNorm: true,
    curveSteps: 0,
    keepClips: 0,
    methods: [{ method: 'f-ep', label: row.name, options: row.options }],
    ...more,
  });
}

function folderOf({ name }) {
  return join(FOLDER, `${MODEL}-${name}`);
}

/** The means of each row with their intervals, and the differences from the first row, clip by clip. */
function summarize() {
  const masks = ROWS.map(masksOf);
  const [full] = masks;
  const rows = ROWS.map(({ name, title, minimisesTheSame = true }, i) => ({
    name,
    title,
    updates: bootstrapInterval(masks[i].map(({ energy }) => energy.iterations)),
    metrics: Object.fromEntries(
      Object.entries(MEASURED)
        .filter(([metric]) => metric !== 'energy' || minimisesTheSame)
        .map(([metric, of]) => [metric, compare(masks[i].map(of), full.map(of))]),
    ),
  }));
  return { model: MODEL, clips: full.length, rows };
}

/** In the order of the clips. */
function masksOf(row) {
  const records = recordsOf(folderOf(row)).sort((a, b) => a.place - b.place);
  return records.map(({ masks: [mask] }) => mask);
}

/** The interval of the values, that of the differences, and whether the mean lies within the reference's interval. */
function compare(values, reference) {
  const [own, other] = [bootstrapInterval(values), bootstrapInterval(reference)];
  const difference = bootstrapInterval(values.map((value, i) => value - reference[i]));
  return { ...own, difference, isWithin: own.mean >= other.low && own.mean <= other.high };
}

/** Milliseconds per iteration of the usual PyTorch script and of fep-native, run alternately. */
async function measureIteration() {
  const files = await prepareClip(join(root, 'models', `${MODEL}.pt`));
  const pairs = [];
  for (let pair = 0; pair < PAIRS; pair++) {
    const theirs = await runTheirs(venvPython, { ...files, ...TIMED });
    const ours = await runOurs({ ...files, load: { foldBatchNorm: true }, explain: TIMED });
    pairs.push({ theirs, ours });
  }
  const timing = {
    pairs: PAIRS,
    iterations: TIMED.iterations,
    theirs: median(pairs.map(({ theirs }) => perIteration(theirs))),
    ours: median(pairs.map(({ ours }) => perIteration(ours))),
  };
  return { timing, versions: pairs[0].ours.versions };
}
