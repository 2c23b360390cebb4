import type { Manifest } from '../../manifest/manifest';
import type { CachedCheck } from './cache';
import type { FileFacts, ModelCheck } from './types';

const BATCH = {
  alike: 'each gets what it gets alone',
  different: 'not what each gets alone: clips go through one at a time',
  fails: 'fail: clips go through one at a time',
  unknown: 'not known, as answers vary: clips go through one at a time',
};

const GRADIENT = {
  reaches: 'reaches the clip',
  missing: 'none reaches the clip: use rise',
  zero: '0 everywhere: use rise',
  unknown: 'not known: on random numbers the probabilities are 0 and 1',
  'not-finite': 'not finite on random numbers',
  fails: 'fails: use rise',
};

const LOOK = {
  scores: 'scores of any size',
  softmax: 'like probabilities that sum up to 1',
  sigmoid: 'like probabilities of their own',
  unclear: 'like scores or probabilities, too few to tell',
};

/** A model's check as table rows: what was checked, and the result. */
export function checkTable(
  { output }: Manifest,
  check: ModelCheck,
  { weights, namesGpu }: FileFacts,
  bfloat16: CachedCheck['bfloat16'],
): [string, string][] {
  const withReason = (text: string, reason: string) => (reason ? `${text} (${reason})` : text);
  return [
    ['weights in the file', weights === 'Float' ? 'float32' : `${weights}, converted to float32`],
    ...(namesGpu ? [['its code', 'names a GPU, the CPU was taken'] satisfies [string, string]] : []),
    ['forward returns', check.returned],
    ['its numbers look', `${LOOK[check.look]}; declared ${output.activation}`],
    ['two equal calls', check.repeatable ? 'give equal answers' : 'give different answers'],
    ['two clips at once', withReason(BATCH[check.batch], check.batchReason)],
    ['gradient', withReason(GRADIENT[check.gradient], check.gradientReason)],
    ['bfloat16', describeBfloat16(bfloat16)],
  ];
}

function describeBfloat16(reason: CachedCheck['bfloat16']): string {
  if (reason === null) return 'runs';
  if (reason === undefined || reason.startsWith('not tried')) return reason ?? 'not tried';
  return `does not run: ${reason}`;
}
