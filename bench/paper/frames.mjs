// Whether a budget of frames finds those in which the actor is to be seen, on clips that show it in a part of them.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDataset } from '../../dist/entries/datasets.mjs';
import { bootstrapInterval } from '../../dist/entries/metrics.mjs';
import { explain, loadModel } from '../../dist/index.mjs';
import { say } from '../../scripts/run.mjs';
import { recordsIn } from '../common/records.mjs';
import { FOLDER, FRAMES } from './settings.mjs';

/** What is told of each budget; all are shares. */
export const MEASURED = ['right', 'framesKept', 'framesFound', 'framesInTime', 'massInTime', 'explained'];

/** Explains what is missing, one line a clip and a budget; the means of each budget over the clips. */
export async function compareFrames(modelName, { threads }) {
  const file = join(FOLDER, 'frames', `${modelName}.jsonl`);
  mkdirSync(join(FOLDER, 'frames'), { recursive: true });
  const records = existsSync(file) ? recordsIn(file) : [];
  const known = new Set(records.map(({ sample, budget }) => `${sample} ${budget}`));
  const dataset = await openDataset('synthetic', { difficulty: 'brief', limit: FRAMES.clips });
  const model = await loadModel(modelName, { foldBatchNorm: true, ...(threads && { threads }) });
  try {
    for (const sample of dataset.samples) {
      const annotated = await sample.read(model.manifest.input);
      for (const budget of FRAMES.budgets) {
        if (known.has(`${sample.id} ${budget}`)) continue;
        records.push(await measure(model, sample, annotated, budget));
        writeFileSync(file, records.map((record) => `${JSON.stringify(record)}\n`).join(''));
        say(`  ${modelName} ${sample.id}, ${100 * budget} % of the frames`);
      }
    }
  } finally {
    model.dispose();
  }
  return summarize(records);
}

async function measure(model, sample, { clip, boxes }, budget) {
  const { masks, predicted } = await explain(model, clip, { ...FRAMES.options, framesBudget: budget });
  const [{ mask, probability }] = masks;
  const voxels = clip.height * clip.width;
  const frames = boxes.annotated.map((shown, t) => {
    const frame = mask.subarray(t * voxels, (t + 1) * voxels);
    return {
      shown,
      kept: frame.some((value) => value >= 0.5),
      mass: frame.reduce((sum, value) => sum + value, 0),
    };
  });
  const [shown, kept] = [frames.filter((one) => one.shown), frames.filter((one) => one.kept)];
  const both = shown.filter((one) => one.kept);
  return {
    sample: sample.id,
    budget,
    right: Number(predicted.name === sample.label),
    framesKept: kept.length / frames.length,
    framesFound: both.length / shown.length,
    framesInTime: kept.length === 0 ? null : both.length / kept.length,
    massInTime: sumOf(shown) / sumOf(frames),
    explained: Math.min(probability.explained / probability.original, 1),
  };
}

function sumOf(frames) {
  return frames.reduce((sum, { mass }) => sum + mass, 0);
}

function summarize(records) {
  return FRAMES.budgets.map((budget) => {
    const own = records.filter((record) => record.budget === budget);
    const values = (name) => own.map((record) => record[name]).filter((value) => value !== null);
    return {
      budget,
      clips: own.length,
      metrics: Object.fromEntries(MEASURED.map((name) => [name, bootstrapInterval(values(name))])),
    };
  });
}
