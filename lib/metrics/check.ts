import type { BoxMask } from '../datasets/types';
import { FepError } from '../errors/fepError';
import {
  requireArray,
  requireBytes,
  requireFloats,
  requireInteger,
  requireObject,
  shown,
} from '../options/requireArguments';

/** @throws FepError `FEP_SHAPE` when the mask is empty, `FEP_USAGE` when a value is not in [0, 1] */
export function checkMask(mask: Float32Array): void {
  requireFloats(mask, 'mask');
  if (mask.length === 0) {
    throw new FepError('FEP_SHAPE', 'The mask is empty.', { hint: 'Give a mask of T×H×W values.' });
  }
  const wrong = mask.findIndex((value) => !(value >= 0 && value <= 1));
  if (wrong < 0) return;
  throw new FepError('FEP_USAGE', `The mask holds ${mask[wrong]} at voxel ${wrong}; expected 0 to 1.`, {
    hint: 'Scale the mask to [0, 1], 1 for what is kept.',
  });
}

/** @throws FepError as `checkMask`, and `FEP_SHAPE` when the sizes of mask and boxes differ */
export function checkMaskAndBoxes(mask: Float32Array, boxes: BoxMask): void {
  checkMask(mask);
  checkBoxes(boxes);
  if (mask.length === boxes.inside.length) return;
  throw new FepError(
    'FEP_SHAPE',
    `The mask has ${mask.length} voxels, the boxes were drawn on ${boxes.inside.length}.`,
    { hint: 'Give both as T×H×W on the clip that the model saw.' },
  );
}

/** @throws FepError `FEP_SHAPE` when the number of voxels is not a multiple of the number of frames */
export function checkBoxes(boxes: BoxMask): void {
  requireObject(boxes, 'boxes');
  const { inside, annotated } = boxes;
  requireBytes(inside, 'boxes.inside');
  requireArray(annotated, 'boxes.annotated');
  if (annotated.length > 0 && inside.length > 0 && inside.length % annotated.length === 0) return;
  throw new FepError(
    'FEP_SHAPE',
    `The boxes have ${inside.length} voxels, which do not make ${annotated.length} frames.`,
    { hint: 'Give T×H×W bytes and T flags.' },
  );
}

/** @throws FepError `FEP_USAGE` when the value is not in [0, 1] */
export function checkShare(name: string, value: number): void {
  if (typeof value === 'number' && value >= 0 && value <= 1) return;
  throw new FepError('FEP_USAGE', `The ${name} is ${shown(value)}; expected 0 to 1.`);
}

/** More steps or resamples would exhaust time and memory. */
const MAX_COUNT = 1_000_000;

/** @throws FepError `FEP_USAGE` when the value is not a whole number from 1 to a million */
export function checkCount(name: string, value: number): void {
  requireInteger(value, `The number of ${name}`, 1, MAX_COUNT);
}
