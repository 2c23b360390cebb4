// Runs the benches that the page rests on, one after the other. Each goes on where it was interrupted.
import { join } from 'node:path';
import { ablate, bench } from '../../dist/index.mjs';
import {
  budgets,
  comparison,
  DIFFICULTIES,
  difficultyBench,
  FOLDER,
  otherDomain,
  selection,
} from './settings.mjs';
import { followEnergies } from './settling.mjs';

/** What is measured of a model: folders of benches, what was selected, how the energies fell. */
export async function computeModel(model, { threads }) {
  const difficulty = {};
  for (const level of DIFFICULTIES) {
    difficulty[level] = await runBench(
      `difficulty-${level}-${model}`,
      difficultyBench(model, level),
      threads,
    );
  }
  say(`energies of ${model}`);
  const settling = await followEnergies(model, { threads });
  const selected = await runSelection(model, threads);
  const { cell } = selected;
  return {
    difficulty,
    settling,
    selected,
    comparison: await runBench(`comparison-${model}`, comparison(model, cell), threads),
    otherDomain: await runBench(`other-domain-${model}`, otherDomain(model, cell), threads),
    budgets: await runBench(`budgets-${model}`, budgets(model, cell), threads),
  };
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
