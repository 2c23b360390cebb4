// Runs deploy/slurm-array.sh under a real Slurm: Debian's slurmctld, slurmd and munge on this host, in a temporary folder and
// on ports of their own. One task is killed and another is requeued while it runs; the merged tables must be identical to
// those of a bench in one process. Needs Debian and root (because of slurmd). Prints a report.
//
//   node scripts/prove-slurm.mjs [--keep]      --keep does not remove the folder with all logs
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findProgram, installPackage } from './debian.mjs';
import { freePort } from './free-port.mjs';
import { Failure, main, root, say } from './run.mjs';

const SHARDS = 4;
const PARALLEL = 2;
const BENCH = [
  '--method',
  'gradients,ep,random,oracle',
  '--iterations',
  '20',
  '--limit',
  '8',
  '--curve-steps',
  '2',
  '--removal',
  'fade-black',
];
const DEADLINE_MS = 240_000;

/** The folder of this run, and the daemons that run in it. */
const folder = mkdtempSync(join(tmpdir(), 'fep-slurm-'));
const at = (...names) => join(folder, ...names);
const daemons = [];
const env = { ...process.env, SLURM_CONF: at('slurm.conf'), NO_COLOR: '1' };

main(async () => {
  try {
    await install();
    await startSlurm();
    const whole = await runWhole();
    const jobs = await runArray();
    await report(whole, jobs);
  } finally {
    await stopSlurm();
    if (!process.argv.includes('--keep')) rmSync(folder, { recursive: true, force: true });
    else say(`Everything is in ${folder}`);
  }
});

async function install() {
  if (process.getuid?.() !== 0) throw new Failure('slurmd needs root.');
  const programs = ['slurmctld', 'slurmd', 'munged', 'sbatch'];
  if (programs.every((name) => findProgram([name]))) return;
  say('Installing Slurm and munge …');
  if (await installPackage('slurmctld', 'slurmd', 'slurm-client', 'munge')) return;
  throw new Failure('Slurm could not be installed: apt-get install slurmctld slurmd slurm-client munge');
}

/** Starts munge, the controller and one node that claims as many CPUs as tasks run at a time. */
async function startSlurm() {
  for (const name of ['state', 'spool', 'munge', 'work']) mkdirSync(at(name), { mode: 0o755 });
  writeFileSync(at('munge', 'key'), randomBytes(128), { mode: 0o400 });
  const socket = at('munge', 'socket');
  const munge = ['key-file', 'pid-file', 'seed-file', 'log-file'].map(
    (name) => `--${name}=${at('munge', name.replace('-file', ''))}`,
  );
  daemon('munged', ['--foreground', '--force', `--socket=${socket}`, ...munge]);
  const [ctl, node] = [await freePort(), await freePort()];
  writeFileSync(at('slurm.conf'), configuration({ socket, ctl, node }));
  writeFileSync(at('cgroup.conf'), 'CgroupPlugin=cgroup/v1\nCgroupAutomount=no\n');
  await reached(() => existsSync(socket), 'munge answers');
  daemon('slurmctld', ['-D', '-f', at('slurm.conf')]);
  daemon('slurmd', ['-D', '-f', at('slurm.conf'), '-N', hostname()]);
  await reached(() => /^idle/m.test(slurm('sinfo', '-h', '-o', '%T')), 'the node is idle');
  say(`${slurm('sinfo', '--version').trim()}: a controller, a node and munge run on this host.`);
}

function configuration({ socket, ctl, node }) {
  return `ClusterName=proof
SlurmctldHost=${hostname()}(127.0.0.1)
SlurmctldPort=${ctl}
SlurmdPort=${node}
SlurmUser=root
AuthType=auth/munge
# A requeued job waits until its credential expires, by default for two minutes.
AuthInfo=socket=${socket},cred_expire=5
CredType=cred/munge
StateSaveLocation=${at('state')}
SlurmdSpoolDir=${at('spool')}
SlurmctldPidFile=${at('slurmctld.pid')}
SlurmdPidFile=${at('slurmd.pid')}
SlurmctldLogFile=${at('slurmctld.log')}
SlurmdLogFile=${at('slurmd.log')}
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
JobCompType=jobcomp/filetxt
JobCompLoc=${at('completed.txt')}
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
ReturnToService=2
KillWait=10
MpiDefault=none
NodeName=${hostname()} NodeAddr=127.0.0.1 CPUs=${PARALLEL} RealMemory=2000 State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
`;
}

/** Runs the bench in one process, for comparison. */
async function runWhole() {
  const out = at('work', 'whole');
  say('The bench in one process …');
  await fep('bench', ...BENCH, '--threads', '1', '--out', out, '--quiet');
  return out;
}

/** Runs the job array; kills one task and requeues another. */
async function runArray() {
  // The template runs node_modules/.bin/fep-native: make that run this clone.
  mkdirSync(at('work', 'node_modules', '.bin'), { recursive: true });
  const command = `#!/bin/sh\nexec '${process.execPath}' '${join(root, 'dist', 'cli', 'main.js')}' "$@"\n`;
  writeFileSync(at('work', 'node_modules', '.bin', 'fep-native'), command, { mode: 0o755 });
  cpSync(join(root, 'deploy', 'slurm-array.sh'), at('work', 'slurm-array.sh'));
  const array = [`--array=0-${SHARDS - 1}`, '--cpus-per-task=1', '--mem=500M', '--parsable'];
  const job = slurm(
    'sbatch',
    ...array,
    `--export=ALL,SHARDS=${SHARDS},OUT=parts`,
    'slurm-array.sh',
    ...BENCH,
  ).trim();
  say(`Job ${job}: ${SHARDS} shards, ${PARALLEL} at a time.`);

  const pid = await processOf(1, 1);
  process.kill(pid, 'SIGKILL');
  say(`Task 0: process ${pid} was killed after ${linesOf(1)} items; the template has to requeue the task.`);
  const requeued = await processOf(2, 1);
  slurm('scontrol', 'requeue', `${job}_1`);
  await reached(() => !existsSync(`/proc/${requeued}`), 'the requeued task has let go');
  say(`Task 1: requeued by the administrator after ${linesOf(2)} items.`);

  const seen = new Map();
  await reached(() => {
    for (const line of slurm('squeue', '-h', '-r', '-o', '%K %T %r').trim().split('\n')) {
      const [task, ...state] = line.split(' ');
      if (task) note(seen, task, state.join(' '));
    }
    return slurm('squeue', '-h').trim() === '';
  }, 'all tasks have ended');
  return { job, seen };
}

function note(seen, task, state) {
  const states = seen.get(task) ?? [];
  if (states.at(-1) !== state) seen.set(task, [...states, state]);
}

/** The process that computes a shard, once it has finished a number of items. */
async function processOf(index, items) {
  const lock = at('work', 'parts', `.results-${index}-of-${SHARDS}.jsonl.lock`);
  await reached(() => existsSync(lock) && linesOf(index) >= items, `shard ${index} has ${items} items`);
  return JSON.parse(readFileSync(lock, 'utf8')).pid;
}

function linesOf(index) {
  const file = at('work', 'parts', `results-${index}-of-${SHARDS}.jsonl`);
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').length - 1 : 0;
}

/** Merges the shards, compares the tables, and reports what Slurm did. */
async function report(whole, { seen }) {
  const table = at('work', 'table');
  await fep('bench', 'merge', at('work', 'parts'), '--out', table);
  for (const [task, states] of [...seen].sort()) say(`  task ${task}: ${states.join(' → ')}`);
  const completed = readFileSync(at('completed.txt'), 'utf8').trim().split('\n');
  const states = completed.map((line) => /JobState=(\S+)/.exec(line)?.[1]);
  say(`  ended as ${states.join(', ')}`);
  say(taskLogs());
  for (const task of [0, 1]) {
    const [, items, computed] = /^(\d+) items, (\d+) computed/m.exec(logOf(task)) ?? [];
    if (!(Number(computed) < Number(items)))
      throw new Failure(`Task ${task} kept no results of its first run.`);
  }
  const common = readdirSync(whole).filter((name) => !/^timing\.|\.jsonl$/.test(name));
  const unlike = common.filter(
    (name) => !readFileSync(join(whole, name)).equals(readFileSync(join(table, name))),
  );
  if (unlike.length > 0)
    throw new Failure(`These files differ from those of the bench in one process: ${unlike.join(', ')}`);
  if (states.filter((state) => state === 'COMPLETED').length !== SHARDS)
    throw new Failure('Not every task completed.');
  say(`All ${common.length} files of the merged bench equal those of the bench in one process.`);
}

/** What a task wrote, restarts included. */
function logOf(task) {
  const name = readdirSync(at('work')).find((file) => file.endsWith(`-${task}.log`));
  return name === undefined ? '' : readFileSync(at('work', name), 'utf8').trim();
}

function taskLogs() {
  return Array.from({ length: SHARDS }, (_, task) => `  task ${task} wrote: ${logOf(task)}`).join('\n');
}

async function fep(...args) {
  const child = spawn(process.execPath, [join(root, 'dist', 'cli', 'main.js'), ...args], {
    env,
    stdio: 'ignore',
  });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Failure(`fep-native ${args.join(' ')} ended with ${code}`);
}

function slurm(command, ...args) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: at('work'), env, encoding: 'utf8' });
  if (status !== 0 && command !== 'sinfo') throw new Failure(`${command} ${args.join(' ')}: ${stderr}`);
  return stdout;
}

function daemon(name, args) {
  const log = openSync(at(`${name}.out`), 'a');
  daemons.push({ name, child: spawn(findProgram([name]), args, { env, stdio: ['ignore', log, log] }) });
}

async function stopSlurm() {
  if (daemons.length === 3) spawnSync('scancel', ['--user=root'], { env });
  for (const { child } of daemons.reverse()) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    const late = setTimeout(() => child.kill('SIGKILL'), 15_000);
    await ended;
    clearTimeout(late);
  }
}

async function reached(condition, what) {
  const end = Date.now() + DEADLINE_MS;
  while (!condition()) {
    const dead = daemons.find(({ child }) => child.exitCode !== null);
    if (dead)
      throw new Failure(
        `${dead.name} has ended: ${readFileSync(at(`${dead.name}.out`), 'utf8').slice(-2000)}`,
      );
    if (existsSync(at('completed.txt')) && /JobState=FAILED/.test(readFileSync(at('completed.txt'), 'utf8')))
      throw new Failure(`A task failed before ${what}:\n${taskLogs()}`);
    if (Date.now() > end) throw new Failure(`Timed out while waiting until ${what}; see ${folder} (--keep).`);
    await sleep(200);
  }
}
