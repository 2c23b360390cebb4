import type { Manifest } from '../../manifest/manifest';
import { hasGradient } from './requireUsable';
import type { FileFacts, ModelCheck } from './types';

/** Warnings about a model that affect how far its explanations can be trusted. */
export function modelWarnings({ output }: Manifest, check: ModelCheck, file: FileFacts): string[] {
  return [
    ...fileWarnings(file),
    ...choiceWarnings(output, check),
    ...activationWarnings(output, check),
    ...repeatWarnings(check),
    ...batchWarnings(check),
    ...gradientWarnings(check),
  ];
}

function fileWarnings({ weights, namesGpu }: FileFacts): string[] {
  return [
    ...(weights === 'Float' ? [] : [`The file's weights are ${weights}: they were converted to float32.`]),
    ...(namesGpu
      ? ["The file was traced on a GPU and its code names it: the CPU was taken in the GPU's place."]
      : []),
  ];
}

/** A container with a single tensor needs no choice, but is unusual enough to mention. */
function choiceWarnings({ tensor }: Manifest['output'], { returned }: ModelCheck): string[] {
  if (tensor !== undefined || returned.startsWith('a tensor')) return [];
  const path = [...returned.matchAll(/(?:^a|: a) (?:tuple|list|dictionary) of \d+ \((.+?):/g)].map(
    ([, name]) => name,
  );
  const only = path.length === 1 ? `, as --output ${path[0]} does` : '';
  return [`The model returns ${returned}; its tensor was taken${only}.`];
}

function activationWarnings({ activation }: Manifest['output'], { look }: ModelCheck): string[] {
  if (activation === 'sigmoid' && look === 'unclear') {
    return [
      "The model's few numbers lie between 0 and 1: they were taken for scores, and the sigmoid was applied. If they are " +
        'probabilities already, export the model so that it ends in torch.sigmoid.',
    ];
  }
  if (activation !== 'logits' || look === 'scores' || look === 'unclear') return [];
  const what = look === 'softmax' ? 'all at least 0, with a sum of 1' : 'all between 0 and 1';
  return [
    `The model is said to return logits, and its numbers look like probabilities (${what}): ` +
      `if it ends in ${look}, say --activation ${look}; else its probabilities are wrong.`,
  ];
}

function repeatWarnings({ repeatable }: ModelCheck): string[] {
  if (repeatable) return [];
  return [
    'The model answers the same clip differently from call to call: it draws random numbers (dropout that is still on, ' +
      'noise) or remembers earlier clips. Its explanation is one of many; --seed repeats it. Clips go through one at a time.',
  ];
}

function batchWarnings({ batch, batchReason }: ModelCheck): string[] {
  if (batch === 'different') {
    return [
      'The model gives different answers for two clips in a batch than for each alone: clips go through one at a time.',
    ];
  }
  return batch === 'fails'
    ? [
        `The model takes one clip at a time (two at once fail: ${batchReason}): clips go through one at a time.`,
      ]
    : [];
}

function gradientWarnings(check: ModelCheck): string[] {
  if (check.gradient === 'not-finite')
    return ["The gradient of the model's answer to random numbers is not finite."];
  if (hasGradient(check)) return [];
  return [
    'No gradient of the answer reaches the clip: methods that follow it are of no use here; rise needs none.',
  ];
}
