import { z } from 'zod';
import { FepError } from '../errors/fepError';
import type { Manifest } from '../manifest/manifest';
import { describeMethod } from './method';
import { option } from './option';

const camOptions = {
  /**
   * The layer that `grad-cam` looks at, or several with commas between them, whose maps are added; see
   * `VideoModel.layers`. Default: the manifest's, else the last through which the whole decision flows.
   */
  layer: option(z.string().min(1), {
    help: 'what grad-cam looks at, one or several with commas; see models inspect',
    value: 'names',
    default: ({ manifest }: { manifest: Manifest }) => manifest.camLayer ?? manifest.tokens?.layer ?? null,
    defaultText: "the manifest's, else the last that the whole decision flows through",
  }),
  /**
   * What shares a channel's weight in `grad-cam`: the whole clip (default), each frame its own, or nothing, which is
   * HiResCAM.
   */
  camWeights: option(z.enum(['clip', 'frame', 'element']), {
    help: 'what shares a weight in grad-cam; element: nothing does, as in HiResCAM',
    value: 'over',
    default: 'clip',
    source: 'element: Draelos and Carin, 2020',
  }),
};

/** Class activation maps at a layer. */
export const CLASS_ACTIVATION_MAPS = [
  describeMethod('grad-cam', 'Grad-CAM', 'class activation map at any layer', camOptions),
  describeMethod(
    'grad-cam-plus-plus',
    'Grad-CAM++',
    'the same, weighted by the positive gradients',
    camOptions,
  ),
] as const;

/** @throws FepError `FEP_USAGE` when Grad-CAM++ is to have a weight for each position, whose sums are over positions */
export function refuseElementWeights(
  method: string,
  { camWeights }: { camWeights?: string | undefined },
): void {
  if (method !== 'grad-cam-plus-plus' || camWeights !== 'element') return;
  throw new FepError('FEP_USAGE', 'Grad-CAM++ has no weight for each element: it sums over positions.', {
    hint: 'Choose --method grad-cam for HiResCAM, or --cam-weights clip or frame.',
  });
}
