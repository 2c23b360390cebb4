// Runs the benches that the page rests on, one after the other. Each goes on where it was interrupted.
import { join } from 'node:path';
import { ablate, bench } from '../../dist/index.mjs';
import {
  budgets,
  comparison,
  DIFFICULTIES,
  difficultyBench,
  FOLDER,
  MODELS,
  selection,
} from './settings.mjs';
import { followEnergies } from './settling.mjs';

/** Everything measured: folders of benches, what was selected, how the energies fell. */
export async function compute({ threads }) {
  const found = { difficulty: [], settling: {}, selected: {}, comparison: {}, budgets: {} };
  for (const model of MODELS) {
    for (const difficulty of DIFFICULTIES) {
      const folder = await runBench(
        `difficulty-${difficulty}-${model}`,
        difficultyBench(model, difficulty),
        threads,
      );
      found.difficulty.push({ model, difficulty, folder });
    }
  }
  for (const model of MODELS) {
    say(`energies of ${model}`);
    found.settling[model] = await followEnergies(model, { threads });
    found.selected[model] = await runSelection(model, threads);
    const { cell } = found.selected[model];
    found.comparison[model] = await runBench(`comparison-${model}`, comparison(model, cell), threads);
  }
  for (const model of MODELS) {
    const { cell } = found.selected[model];
    found.budgets[model] = await runBench(`budgets-${model}`, budgets(model, cell), threads);
  }
  return found;
}

async function runBench(name, options, threads) {
  const out = join(FOLDER, name);
  say(name);
  await bench({ ...options, out, ...(threads && { threads }), onProgress: progressOf(name) });
  return out;
}

async function runSelection(model, threads) {
  const name = `selection-${model}`;
  const out = join(FOLDER, name);
  say(name);
  const options = { ...selection(model), out, ...(threads && { threads }), onProgress: progressOf(name) };
  const { selections } = await ablate(options);
  return { ...selections[0], folder: out };
}

function say(what) {
  console.error(`${new Date().toISOString().slice(11, 19)} ${what}`);
}

/** A line for each percent. */
function progressOf(name) {
  let last = -1;
  return ({ done, total, secondsLeft }) => {
    const percent = Math.floor((100 * done) / total);
    if (percent === last) return;
    last = percent;
    const left = secondsLeft === null ? '' : `, ${Math.ceil(secondsLeft / 60)} min left`;
    console.error(`  ${name}: ${done} of ${total}${left}`);
  };
}
