// Shards as schedulers hand them out, and exit codes that tell a scheduler whether to try again.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { bench, mergeBenches } from 'fep-native/bench';
import { shardFromEnvironment } from '../dist/bench/settings/shardFromEnvironment.js';
import { EXIT } from '../dist/cli/exitCodes.js';
import errors from '../dist/errors/fepError.js';
import { isRetryable } from '../dist/errors/retryable.js';
import { outcome, SMALL } from './helpers/bench.mjs';
import { temporaryFolder } from './helpers/libtorch.mjs';

const MAIN = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const SLURM = fileURLToPath(new URL('../deploy/slurm-array.sh', import.meta.url));
const slurm = (id, more = {}) => ({
  SLURM_ARRAY_TASK_ID: String(id),
  SLURM_ARRAY_TASK_COUNT: '4',
  SLURM_ARRAY_TASK_MIN: '0',
  ...more,
});

test('a Slurm array, from any minimum and with any step', (t) => {
  t.deepEqual(shardFromEnvironment(slurm(0)), { index: 1, of: 4 });
  t.deepEqual(shardFromEnvironment(slurm(3)), { index: 4, of: 4 });
  t.deepEqual(shardFromEnvironment(slurm(4, { SLURM_ARRAY_TASK_MIN: '1' })), { index: 4, of: 4 });
  const stepped = { SLURM_ARRAY_TASK_MIN: '10', SLURM_ARRAY_TASK_STEP: '5' };
  t.deepEqual(shardFromEnvironment(slurm(20, stepped)), { index: 3, of: 4 });
});

test('an array of some shards only means the shards of the whole', (t) => {
  const some = { SLURM_ARRAY_TASK_COUNT: '2', SLURM_ARRAY_TASK_MIN: '3' };
  t.deepEqual(shardFromEnvironment(slurm(3, some), 32), { index: 4, of: 32 });
  t.deepEqual(shardFromEnvironment(slurm(7, some), 32), { index: 8, of: 32 });
});

test('a Kubernetes Indexed Job', (t) => {
  t.deepEqual(shardFromEnvironment({ JOB_COMPLETION_INDEX: '2' }, 5), { index: 3, of: 5 });
});

test('what no scheduler said is asked for', (t) => {
  const refused = (env, of, message) =>
    t.throws(() => shardFromEnvironment(env, of), {
      instanceOf: errors.FepError,
      code: 'FEP_USAGE',
      message,
    });
  refused({}, undefined, /no shard in the environment/);
  refused({ JOB_COMPLETION_INDEX: '2' }, undefined, /number of shards is not known/);
  refused({ SLURM_ARRAY_TASK_ID: '2' }, undefined, /number of shards is not known/);
  refused({ SLURM_ARRAY_TASK_ID: 'x' }, 3, /SLURM_ARRAY_TASK_ID is "x"/);
});

const OPTIONS = { models: [SMALL], methods: ['random', 'oracle'], limit: 4, curveSteps: 0, threads: 1 };
const ARGUMENTS = [
  'bench',
  '--model',
  SMALL,
  '--method',
  'random,oracle',
  '--limit',
  '4',
  '--curve-steps',
  '0',
  '--threads',
  '1',
];

/** One task of an array. */
function task(out, env) {
  const args = [MAIN, ...ARGUMENTS, '--shard', 'auto/2', '--quiet', '--out', out];
  return spawnSync(process.execPath, args, { encoding: 'utf8', env: { ...process.env, ...env } });
}

test.serial('the shards of an array, one of them run twice, make the table of the whole', async (t) => {
  const folder = temporaryFolder(t);
  const [whole, parts, merged] = ['whole', 'parts', 'merged'].map((name) => join(folder, name));
  await bench({ ...OPTIONS, out: whole });
  const runs = [{ SLURM_ARRAY_TASK_ID: '1' }, { JOB_COMPLETION_INDEX: '0' }, { SLURM_ARRAY_TASK_ID: '1' }];
  for (const env of runs) {
    const { status, stderr } = task(parts, env);
    t.is(status, 0, stderr);
  }
  await mergeBenches([parts], merged);
  t.deepEqual(outcome(merged), outcome(whole));
});

test.serial('the exit code of a shard says whether to try again', (t) => {
  const file = join(temporaryFolder(t), 'file');
  writeFileSync(file, 'no folder');
  const again = task(join(file, 'out'), { SLURM_ARRAY_TASK_ID: '0' });
  t.is(again.status, EXIT.tryAgain, again.stderr);
  t.is(task(temporaryFolder(t), { SLURM_ARRAY_TASK_ID: '2' }).status, EXIT.usage, 'there is no shard 3/2');
  const error = (code) => new errors.FepError(code, 'x');
  t.true(['FEP_IO', 'FEP_OUT_OF_MEMORY', 'FEP_CUDA_OOM'].every((code) => isRetryable(error(code))));
  t.false(['FEP_USAGE', 'FEP_MODEL_LOAD', 'FEP_INTERNAL'].some((code) => isRetryable(error(code))));
});

test.serial('the Slurm template: requeues what may pass, and nothing else', (t) => {
  const folder = temporaryFolder(t);
  const run = (code, env = {}) => {
    // Slurm and the bench are not what is tested here: the script's decisions are.
    const script = `fep-native() { echo "$@" >> calls; return ${code}; }; scontrol() { echo "scontrol $@" >> calls; }; . '${SLURM}'`;
    const place = join(folder, String(Math.random()));
    mkdirSync(place);
    const { status } = spawnSync('bash', ['-c', script, 'slurm', '--limit', '4'], {
      cwd: place,
      env: { ...process.env, SLURM_ARRAY_JOB_ID: '9', SLURM_ARRAY_TASK_ID: '3', SHARDS: '8', ...env },
    });
    return { status, calls: readFileSync(join(place, 'calls'), 'utf8') };
  };
  t.like(run(0), {
    status: 0,
    calls: 'bench --limit 4 --shard auto/8 --out fep-bench --threads 1 --quiet\n',
  });
  for (const code of [75, 130, 137, 143]) t.regex(run(code).calls, /scontrol requeue 9_3\n$/, String(code));
  for (const code of [1, 2, 3]) {
    const { status, calls } = run(code);
    t.is(status, code);
    t.notRegex(calls, /scontrol/);
  }
  t.is(run(75, { SLURM_RESTART_COUNT: '3' }).status, 75, 'it has been tried often enough');
});
