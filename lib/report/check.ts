import { FepError } from '../errors/fepError';
import type { ReportInput } from './types';

/** @throws FepError `FEP_SHAPE` when the sizes of clip and mask differ */
export function checkReportInput({ clip, mask, perturbed }: ReportInput): void {
  const { frames, height, width } = clip;
  const voxels = frames * height * width;
  const pictures = [clip.rgb, perturbed];
  if (mask.length !== voxels || pictures.some(({ length }) => length !== voxels * 3))
    throw new FepError(
      'FEP_SHAPE',
      `The clip is ${frames}×${height}×${width}; its mask has ${mask.length} values, expected ${voxels}, ` +
        `and its pictures ${pictures.map(({ length }) => length).join(' and ')} bytes, expected ${voxels * 3}.`,
    );
}
