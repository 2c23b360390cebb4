// npm run results: computes the results of docs/results.md and writes the page. Records in bench/results/records.tar.gz are
// not computed again; a full run takes hours, and an interrupted one resumes. `--threads N` means what it means for
// `bench`. `--model NAME` computes one model's results and writes no page, so that two processes can share the work.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ablate, bench } from '../../dist/entries/bench.mjs';
import { say } from '../../scripts/run.mjs';
import { packRecords, unpackRecords } from '../common/records.mjs';
import { compareFrames } from './frames.mjs';
import { writePage } from './page.mjs';
import {
  budgets,
  comparison,
  DIFFICULTIES,
  difficultyBench,
  FOLDER,
  MODELS,
  OTHER_MODEL,
  otherDomain,
  otherModel,
  quick,
  rise,
  selection,
} from './settings.mjs';
import { followEnergies } from './settling.mjs';

const { values } = parseArgs({ options: { threads: { type: 'string' }, model: { type: 'string' } } });
const limits = values.threads === undefined ? {} : { threads: Number(values.threads) };
unpackRecords('records', FOLDER);
const found = {};
const asked =
  values.model === undefined ? MODELS : [values.model].filter((name) => name !== OTHER_MODEL.name);
for (const model of asked) found[model] = await computeModel(model);
const runsOther = values.model === undefined || values.model === OTHER_MODEL.name;
const other = runsOther && (await runBench(`other-model-${OTHER_MODEL.name}`, otherModel()));
if (values.model === undefined) {
  await writePage(found, other);
  packRecords('records', FOLDER);
}

/** The results for a model: the folders of its benches, the selected cell, and how the energies fell. */
async function computeModel(model) {
  const difficulty = {};
  for (const level of DIFFICULTIES) {
    difficulty[level] = await runBench(`difficulty-${level}-${model}`, difficultyBench(model, level));
  }
  say(`energies-${model}`);
  const settling = await followEnergies(model, limits);
  const { selections } = await ablate(optionsOf(`selection-${model}`, selection(model)));
  const [selected] = selections;
  const { cell } = selected;
  return {
    difficulty,
    settling,
    selected,
    comparison: await runBench(`comparison-${model}`, comparison(model, cell)),
    otherDomain: await runBench(`other-domain-${model}`, otherDomain(model, cell)),
    quick: await runBench(`quick-${model}`, quick(model)),
    rise: await runBench(`rise-${model}`, rise(model)),
    frames: await compareFrames(model, limits),
    budgets: await runBench(`budgets-${model}`, budgets(model, cell)),
  };
}

/** @returns the bench's folder */
async function runBench(name, options) {
  const all = optionsOf(name, options);
  await bench(all);
  return all.out;
}

function optionsOf(name, options) {
  say(name);
  return { ...options, ...limits, out: join(FOLDER, name), onProgress: progressOf(name) };
}

/** Prints a line for every percent. */
function progressOf(name) {
  let last = -1;
  return ({ done, total, secondsLeft }) => {
    const percent = Math.floor((100 * done) / total);
    if (percent === last) return;
    last = percent;
    const left = secondsLeft === null ? '' : `, ${Math.ceil(secondsLeft / 60)} min left`;
    say(`  ${name}: ${done} of ${total}${left}`);
  };
}
