import { z } from 'zod';
import { FepError } from '../errors/fepError';
import { parseOptions } from '../options/parseOptions';

/**
 * Which T frames of a video a model sees.
 *
 * - `uniform`: the video is cut into T equal segments and one frame of each is taken (TSN, TSM): its first, its middle
 *   (default) or its last one, as `offset` says. With `step`, the frames are i·⌊N/T⌋ of a video of N, which leaves out
 *   what remains at the end.
 * - `dense`: T frames, `stride` apart, from the start, the middle (default) or the end of the video (C3D, R(2+1)D).
 */
export const samplingSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('uniform'),
    offset: z.enum(['start', 'middle', 'end', 'step']).default('middle'),
  }),
  z.strictObject({
    type: z.literal('dense'),
    stride: z.number().int().min(1).default(1),
    offset: z.enum(['start', 'middle', 'end']).default('middle'),
  }),
]);

const filter = {
  antialias: z.boolean().default(true),
  interpolation: z.enum(['bilinear', 'bicubic']).default('bilinear'),
};

/**
 * How a frame becomes height × width.
 *
 * - `stretch`: both sides are scaled to the target, the aspect ratio is not kept; where a height and a width are
 *   given, they are scaled to those, then the centre is cropped.
 * - `short-side`: the shorter side is scaled to `size` pixels, then the centre is cropped.
 *
 * With `antialias` (default) a new pixel averages all the old ones under it, as Pillow and torchvision on pictures do;
 * without, it is interpolated between the 2×2 (bicubic: 4×4) next to its centre, as `cv2.resize` and
 * `torch.nn.functional.interpolate` do.
 */
export const resizeSchema = z.discriminatedUnion('mode', [
  z
    .strictObject({
      mode: z.literal('stretch'),
      ...filter,
      height: z.number().int().min(1).max(8192).optional(),
      width: z.number().int().min(1).max(8192).optional(),
    })
    .refine(
      ({ height, width }) => (height === undefined) === (width === undefined),
      'height and width go together',
    ),
  z.strictObject({ mode: z.literal('short-side'), ...filter, size: z.number().int().min(1) }),
]);

/**
 * What a model returns: scores that softmax makes probabilities of (`logits`), those probabilities (`softmax`), or one
 * number for each of classes that do not exclude each other (`sigmoid`: the probabilities, or scores that the sigmoid is
 * applied to; the model's check tells which).
 */
export type Activation = 'logits' | 'softmax' | 'sigmoid';
/** All of them. */
export const ACTIVATIONS = ['logits', 'softmax', 'sigmoid'] as const satisfies readonly Activation[];

/** What several answers to one clip are averaged over. */
export type AverageOver = 'time' | 'segments';
/** All of them. */
export const AVERAGES = ['time', 'segments'] as const satisfies readonly AverageOver[];

const perChannel = z.tuple([z.number(), z.number(), z.number()]);

export const inputSchema = z.strictObject({
  /** Order of the axes the model's forward takes: N×C×T×H×W or N×T×C×H×W. */
  layout: z.enum(['NCTHW', 'NTCHW']),
  /** T, H and W. */
  frames: z.number().int().min(1).max(4096),
  height: z.number().int().min(1).max(8192),
  width: z.number().int().min(1).max(8192),
  sampling: samplingSchema.prefault({ type: 'uniform' }),
  resize: resizeSchema.prefault({ mode: 'stretch' }),
  /** What black and white are before they are normalised; a byte b is low + b / 255 · (high − low). */
  pixelRange: z
    .tuple([z.number(), z.number()])
    .refine(([low, high]) => low < high, 'the range must rise: black, then white')
    .default([0, 1]),
  /** Normalisation of pixels in `pixelRange`: (pixel − mean) / std, in the model's channel order. */
  mean: perChannel.default([0, 0, 0]),
  std: perChannel.refine((std) => std.every((s) => s > 0), 'std must be positive').default([1, 1, 1]),
  channelOrder: z.enum(['RGB', 'BGR']).default('RGB'),
});

/** The manifest, as `fep.json` holds it. */
export const manifestSchema = z.strictObject({
  schemaVersion: z.literal(1).default(1),
  name: z.string().min(1),
  architecture: z.string().default('unknown'),
  input: inputSchema,
  output: z.strictObject({
    /** Class names in the order of the outputs; empty when they are not known. */
    classes: z.array(z.string()).default([]),
    activation: z.enum(ACTIVATIONS),
    /** Which of the tensors that forward returns is the answer: its place in a tuple or list, or its name. */
    tensor: z.union([z.number().int().min(0), z.string().min(1)]).optional(),
    /**
     * What the answers of one clip are averaged over where forward returns several: along `time` (N×T×classes or
     * N×classes×T), or of `segments` ((N·segments)×classes). Numbers are averaged as they come, before any softmax.
     */
    averageOver: z.enum(AVERAGES).optional(),
  }),
  /** Name of the module whose output Grad-CAM looks at. */
  camLayer: z.string().optional(),
  /** Methods beside forward that the archive exports. */
  methods: z.array(z.enum(['features', 'head'])).default([]),
  /**
   * What the model answers to a known input: `torch.randn` of one clip in the model's own layout, drawn on
   * the CPU from a generator seeded with `seed`. Checked at load, so that a wrong layout cannot go unseen.
   */
  reference: z.strictObject({ seed: z.number().int().min(0), logits: z.array(z.number()).min(1) }).optional(),
  licence: z.string().optional(),
});

export type Sampling = z.input<typeof samplingSchema>;
export type Resize = z.input<typeof resizeSchema>;
/** What a model takes: its shape, and how clips become that. */
export type ModelInput = z.infer<typeof inputSchema>;
/** What a model file says of itself, defaults filled in. */
export type Manifest = z.infer<typeof manifestSchema>;

/**
 * Checks a parsed manifest and fills in its defaults.
 *
 * @param source where it came from, for the error message
 * @throws FepError `FEP_MODEL_LOAD` naming every field that is wrong
 */
export function parseManifest(json: unknown, source: string): Manifest {
  const result = manifestSchema.safeParse(json);
  if (result.success) return result.data;
  throw new FepError(
    'FEP_MODEL_LOAD',
    `The manifest in ${source} is not valid:\n${z.prettifyError(result.error)}`,
    {
      hint: 'Correct the named fields; the README lists what a manifest holds.',
    },
  );
}

/** @throws FepError `FEP_USAGE` naming every field that is wrong of a manifest's input that did not come from a file */
export function parseInput(input: unknown): ModelInput {
  return parseOptions(inputSchema, input, { of: "the model's input", hint: 'Pass model.manifest.input.' });
}
