import { FepError } from '../../errors/fepError';
import type { Manifest } from '../../manifest/manifest';
import { METHOD_LABELS, type Method } from '../../methods/methods';
import type { ModelCheck } from './types';

/**
 * Refuses a model whose probabilities would be meaningless.
 *
 * @throws FepError `FEP_MODEL_LOAD` when the declared activation contradicts the outputs, or a model with one output is
 *   not declared sigmoid
 */
export function requireActivation(
  { output: { activation } }: Manifest,
  { look }: ModelCheck,
  classes: number,
): void {
  if (classes === 1 && activation !== 'sigmoid') {
    throw new FepError(
      'FEP_MODEL_LOAD',
      'The model has one output, and the softmax of one number is 1 whatever the clip shows.',
      {
        hint: 'For a model with one output, or whose classes do not exclude each other: --activation sigmoid.',
      },
    );
  }
  const isContradicted =
    activation === 'softmax' ? look !== 'softmax' : activation === 'sigmoid' && look === 'softmax';
  if (!isContradicted) return;
  const found = look === 'softmax' ? 'sum up to 1, as those of softmax do' : `are not: ${NOT_SOFTMAX[look]}`;
  const declared = activation === 'softmax' ? 'probabilities that sum up to 1' : 'probabilities of a sigmoid';
  throw new FepError(
    'FEP_MODEL_LOAD',
    `The model is said to return ${declared} (activation ${activation}), and its numbers ${found}.`,
    {
      hint: `Say what it returns: --activation ${look === 'softmax' || look === 'sigmoid' ? look : 'logits'}.`,
    },
  );
}

const NOT_SOFTMAX = {
  scores: 'some are below 0 or above 1, or their sum is not 1',
  sigmoid: 'each lies between 0 and 1, and their sum is not 1',
  unclear: 'their sum is not 1',
};

const WITHOUT_GRADIENT: readonly Method[] = ['rise', 'random', 'center'];

/** Methods that use the gradient of a layer or of attention, which may exist where the clip's does not; the run itself finds out. */
const LAYER_METHODS: readonly Method[] = [
  'grad-cam',
  'grad-cam-plus-plus',
  'attention-rollout',
  'gradient-attention',
];

/** Whether the output's gradient reaches the clip, as far as the check can tell. */
export function hasGradient({ gradient }: ModelCheck): boolean {
  return gradient === 'reaches' || gradient === 'unknown' || gradient === 'not-finite';
}

/** Whether a method works without gradients. */
export function needsNoGradient(method: Method): boolean {
  return WITHOUT_GRADIENT.includes(method);
}

/** @throws FepError `FEP_MODEL_GRADIENT` when a method needs a gradient that the model does not have */
export function requireGradient(method: Method, check: ModelCheck): void {
  if (hasGradient(check) || needsNoGradient(method) || LAYER_METHODS.includes(method)) return;
  throw new FepError(
    'FEP_MODEL_GRADIENT',
    `${METHOD_LABELS[method]} follows the gradient of the model's answer, and no gradient reaches the clip: ${whyNone(check)}.`,
    { hint: 'Use rise, which needs no gradient: --method rise.' },
  );
}

const ATTENTION_METHODS: readonly Method[] = ['attention-rollout', 'gradient-attention'];

/** @throws FepError `FEP_USAGE` when a method cannot explain an average over views */
export function requireOneView(method: Method, views: object | undefined): void {
  if (!views || !ATTENTION_METHODS.includes(method)) return;
  throw new FepError(
    'FEP_USAGE',
    `${METHOD_LABELS[method]} cannot explain the average of several views: their tokens have no common grid.`,
    { hint: 'Leave --views out, or choose --method f-ep, grad-cam or rise.' },
  );
}

function whyNone({ gradient, gradientReason }: ModelCheck): string {
  if (gradient === 'fails') return `the backward pass fails (${gradientReason})`;
  return gradient === 'zero'
    ? 'it is 0 everywhere, as behind rounding'
    : 'something on the way cannot be differentiated, as quantised layers, detach() or no_grad()';
}
