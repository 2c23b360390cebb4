import { FepError } from '../../errors/fepError';
import type { Shard } from './shard';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * The shard that a scheduler assigned to this process: of a Slurm job array (`SLURM_ARRAY_TASK_ID`, with any
 * minimum and step) or a Kubernetes Indexed Job (`JOB_COMPLETION_INDEX`).
 *
 * @param of number of shards; the indices of the scheduler are then 0 to of − 1. Slurm provides it, Kubernetes does
 *   not
 * @throws FepError `FEP_USAGE` if there is no such scheduler, or the number of shards is unknown
 */
export function shardFromEnvironment(env: Env, of?: number): Shard {
  if (env.SLURM_ARRAY_TASK_ID !== undefined) return slurmShard(env, of);
  if (env.JOB_COMPLETION_INDEX !== undefined) return kubernetesShard(env, of);
  throw new FepError('FEP_USAGE', 'There is no shard in the environment.', {
    hint: 'Run it in a Slurm job array or a Kubernetes Indexed Job, or give --shard i/n.',
  });
}

function slurmShard(env: Env, of: number | undefined): Shard {
  const id = whole(env, 'SLURM_ARRAY_TASK_ID')!;
  // With a given number of shards, array indices are used as they are, 0 to n − 1: an array of only the tasks to
  // repeat (--array=3,7) then means the same shards as the original one.
  if (of !== undefined) return { index: id + 1, of };
  const count = whole(env, 'SLURM_ARRAY_TASK_COUNT');
  if (count === undefined) throw unknownCount('SLURM_ARRAY_TASK_COUNT is not set');
  const least = whole(env, 'SLURM_ARRAY_TASK_MIN') ?? 0;
  const step = whole(env, 'SLURM_ARRAY_TASK_STEP') ?? 1;
  return { index: (id - least) / step + 1, of: count };
}

function kubernetesShard(env: Env, of: number | undefined): Shard {
  if (of === undefined) throw unknownCount('Kubernetes does not tell a pod how many completions there are');
  return { index: whole(env, 'JOB_COMPLETION_INDEX')! + 1, of };
}

function whole(env: Env, name: string): number | undefined {
  const text = env[name];
  if (text === undefined) return undefined;
  if (/^\d+$/.test(text)) return Number(text);
  throw new FepError('FEP_USAGE', `${name} is ${JSON.stringify(text)}; expected a whole number.`);
}

function unknownCount(why: string): FepError {
  return new FepError('FEP_USAGE', `The number of shards is not known: ${why}.`, {
    hint: 'Give the number of shards: --shard auto/8.',
  });
}
