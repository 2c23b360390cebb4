import { z } from 'zod';
import type { Manifest } from '../manifest/manifest';
import { describeMethod } from './method';
import { option } from './option';

const camOptions = {
  /** The layer that `grad-cam` looks at; see `VideoModel.layers`. Default: the manifest's, else the last fitting. */
  layer: option(z.string().min(1), {
    help: 'what grad-cam looks at; see models inspect',
    value: 'name',
    default: ({ manifest }: { manifest: Manifest }) => manifest.camLayer ?? null,
    defaultText: "the manifest's, else the last one that fits",
  }),
  /** What shares a channel's weight in `grad-cam`: the whole clip (default), or each frame its own. */
  camWeights: option(z.enum(['clip', 'frame']), {
    help: 'what shares a weight in grad-cam',
    value: 'over',
    default: 'clip',
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
