// How the energies fall over the iterations, on a few clips of the comparison.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDataset } from '../../dist/entries/datasets.mjs';
import { explain, loadModel, METHOD_LABELS } from '../../dist/index.mjs';
import { say } from '../../scripts/run.mjs';
import { mean } from '../common/averages.mjs';
import { FOLDER, SETTLING } from './settings.mjs';

/** Runs what is missing. Each run's total energy per iteration is kept in the folder. */
export async function followEnergies(modelName, { threads }) {
  const folder = join(FOLDER, 'settling', modelName);
  mkdirSync(folder, { recursive: true });
  const dataset = await openDataset('synthetic', { difficulty: 'hard', limit: SETTLING.clips });
  const model = await loadModel(modelName, { foldBatchNorm: true, ...(threads && { threads }) });
  try {
    for (const sample of dataset.samples) {
      const { clip } = await sample.read(model.manifest.input);
      for (const method of SETTLING.methods) {
        const file = join(folder, `${sample.id}-${method}.json`);
        if (existsSync(file)) continue;
        const { masks } = await explain(model, clip, { ...SETTLING.options, method });
        const totals = masks[0].energy.map(({ reward, area, core }) => reward + area + core);
        writeFileSync(file, JSON.stringify({ method, sample: sample.id, totals }));
        say(`  ${modelName} ${sample.id} ${method}: ${totals.length} iterations`);
      }
    }
  } finally {
    model.dispose();
  }
  return summarize(folder, dataset.samples);
}

/**
 * The share of an energy's total fall that remains at certain iterations, averaged over the clips. STEP's weights grow with
 * the iterations and its core energy starts after 100 of them, so a fall is measured from the highest energy.
 */
function summarize(folder, samples) {
  return SETTLING.methods.map((method) => {
    const runs = samples.map(
      ({ id }) => JSON.parse(readFileSync(join(folder, `${id}-${method}.json`), 'utf8')).totals,
    );
    const left = SETTLING.at.map((at) => mean(runs.map((totals) => stillToFall(totals, at))));
    return { method: METHOD_LABELS[method], left };
  });
}

/** Compares means over 20 iterations, because energies fluctuate from one iteration to the next. */
function stillToFall(totals, at) {
  const around = (end) => mean(totals.slice(Math.max(end - 20, 0), end));
  const [now, end] = [around(at), around(totals.length)];
  const start = Math.max(...totals);
  return (now - end) / (start - end);
}
