import { z } from 'zod';
import { FepError } from '../errors/fepError';
import { parseOptions } from '../options/parseOptions';

/**
 * Which T frames of a video a model sees.
 *
 * - `uniform`: one frame from each of T equal segments of the video (TSN, TSM): the first, the middle (default) or the
 *   last, depending on `offset`. With `step`, the frames are i·⌊N/T⌋ of N, which drops the remainder at the end.
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
 * How a frame is resized to height × width.
 *
 * - `stretch`: scales both sides to the target without keeping the aspect ratio; with a `height` and `width`, scales to
 *   those, then crops the centre.
 * - `short-side`: scales the shorter side to `size` pixels, then crops the centre.
 *
 * With `antialias` (default) a new pixel averages all old pixels under it, like Pillow and torchvision on PIL images;
 * without, it is interpolated between the 2×2 (bicubic: 4×4) pixels next to its centre, like `cv2.resize` and
 * `torch.nn.functional.interpolate`.
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
 * What a model returns: logits (`logits`), probabilities after a softmax (`softmax`), or one number per class for
 * classes that do not exclude each other (`sigmoid`: probabilities, or scores that still need the sigmoid; the model's
 * check tells which).
 */
export type Activation = 'logits' | 'softmax' | 'sigmoid';
/** All activations. */
export const ACTIVATIONS = ['logits', 'softmax', 'sigmoid'] as const satisfies readonly Activation[];

/** The axis over which several outputs for one clip are averaged. */
export type AverageOver = 'time' | 'segments';
/** All averaging axes. */
export const AVERAGES = ['time', 'segments'] as const satisfies readonly AverageOver[];

/** The orders of axes of a model file's input. */
export const LAYOUTS = ['NCTHW', 'NTCHW'] as const;

const perChannel = z.tuple([z.number(), z.number(), z.number()]);

export const inputSchema = z.strictObject({
  /** Axis order of the input of the model's forward: N×C×T×H×W or N×T×C×H×W. */
  layout: z.enum(LAYOUTS),
  /** T, H and W. */
  frames: z.number().int().min(1).max(4096),
  height: z.number().int().min(1).max(8192),
  width: z.number().int().min(1).max(8192),
  sampling: samplingSchema.prefault({ type: 'uniform' }),
  resize: resizeSchema.prefault({ mode: 'stretch' }),
  /** The values of black and white before normalisation; a byte b becomes low + b / 255 · (high − low). */
  pixelRange: z
    .tuple([z.number(), z.number()])
    .refine(([low, high]) => low < high, 'the range must be ascending: black, then white')
    .default([0, 1]),
  /** Normalisation of pixels in `pixelRange`, in the model's channel order: (pixel − mean) / std. */
  mean: perChannel.default([0, 0, 0]),
  std: perChannel.refine((std) => std.every((s) => s > 0), 'std must be positive').default([1, 1, 1]),
  channelOrder: z.enum(['RGB', 'BGR']).default('RGB'),
});

/** What `importModel` records. */
const originSchema = z.strictObject({
  /** As it was named: `torchvision:r2plus1d_18`. */
  source: z.string(),
  /** Versions by package. */
  libraries: z.record(z.string(), z.string()),
  /** The files of the weights; empty for random ones. */
  weights: z.array(z.strictObject({ file: z.string(), sha256: z.string() })),
  /** The seed of random weights. */
  seed: z.number().int().optional(),
  check: z.strictObject({
    /** Largest difference of the logits, as a share of the largest. */
    logits: z.number(),
    /** The same of the gradient with respect to the clip. */
    gradient: z.number(),
    /** `alike` where two clips at once are answered as each alone; else `apart`, or why two are refused. */
    batch: z.string(),
    /** `yes` where it runs with finite gradients in bfloat16, else why not. */
    bfloat16: z.string(),
  }),
});

/** How a transformer's tokens tile a clip. */
const tokensSchema = z.strictObject({
  /** T', H' and W': patches along each axis. */
  grid: z.tuple([gridSize(), gridSize(), gridSize()]),
  /** Class tokens, which come before the patches. */
  prefix: z.number().int().min(0).max(4096).default(0),
  /** Name of the module whose tokens Grad-CAM uses, where `camLayer` names none. */
  layer: z.string().optional(),
});

function gridSize() {
  return z.number().int().min(1).max(4096);
}

/** The manifest as stored in `fep.json`. */
export const manifestSchema = z.strictObject({
  schemaVersion: z.literal(1).default(1),
  name: z.string().min(1),
  architecture: z.string().default('unknown'),
  input: inputSchema,
  output: z.strictObject({
    /** Class names in the order of the outputs; empty when unknown. */
    classes: z.array(z.string()).default([]),
    activation: z.enum(ACTIVATIONS),
    /** Which tensor that forward returns is the output: its index in a tuple or list, or its name in a dictionary. */
    tensor: z.union([z.number().int().min(0), z.string().min(1)]).optional(),
    /**
     * The axis to average over when forward returns several outputs per clip: `time` (N×T×classes or N×classes×T) or
     * `segments` ((N·segments)×classes). The raw outputs are averaged, before any softmax.
     */
    averageOver: z.enum(AVERAGES).optional(),
  }),
  /** Name of the module whose output Grad-CAM uses. */
  camLayer: z.string().optional(),
  /** Of a transformer; without it, the grid of tokens is found in the model's layers where there is an embedding. */
  tokens: tokensSchema.optional(),
  /** Methods that the archive exports in addition to forward. */
  methods: z.array(z.enum(['features', 'head'])).default([]),
  /**
   * The model's output for a known input: `torch.randn` of one clip in the model's own layout, drawn on the CPU from a
   * generator seeded with `seed`. Checked at load, so that a wrong layout is detected.
   */
  reference: z.strictObject({ seed: z.number().int().min(0), logits: z.array(z.number()).min(1) }).optional(),
  licence: z.string().optional(),
  /** Where an imported model came from, and what was compared with the library's network. */
  origin: originSchema.optional(),
});

export type Sampling = z.input<typeof samplingSchema>;
export type Resize = z.input<typeof resizeSchema>;
/** A model's input: its shape, and the preprocessing from a clip to it. */
export type ModelInput = z.infer<typeof inputSchema>;
/** How a transformer's tokens tile a clip: T'×H'×W' patches after `prefix` class tokens. */
export type Tokens = NonNullable<z.input<typeof manifestSchema>['tokens']>;
/** A model file's manifest, with defaults filled in. */
export type Manifest = z.infer<typeof manifestSchema>;

/**
 * Validates a parsed manifest and fills in its defaults.
 *
 * @param source where the manifest came from, for the error message
 * @throws FepError `FEP_MODEL_LOAD` naming every invalid field
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

/** Validates an input passed by the caller. @throws FepError `FEP_USAGE` naming every invalid field */
export function parseInput(input: unknown): ModelInput {
  return parseOptions(inputSchema, input, { of: "the model's input", hint: 'Pass model.manifest.input.' });
}
