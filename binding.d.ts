/**
 * The one typed seam between TypeScript and C++: what `fep.node` exports.
 *
 * Written by hand; `test/10.binding.test.mjs` checks it against the addon. Every function checks its arguments
 * and throws, or rejects with, an Error that has a `code` of `FepErrorCode`; lib/binding turns those into
 * FepErrors with a hint. Arrays are copied on the way in and on the way out.
 */

/** Work on a model's own thread. `cancel()` makes the promise reject with FEP_ABORTED within one iteration. */
export interface Job<Result> {
  readonly promise: Promise<Result>;
  cancel(): void;
}

/**
 * How a model is computed: forms of one function. They round differently, and the loop amplifies that; which one is
 * fastest depends on the network and the machine.
 */
export interface ModelForm {
  /** Batch normalisations multiplied into the convolutions before them; usually faster. Default false. */
  foldBatchNorm: boolean;
  /** How the weights of convolutions lie in memory; default `exported`, as the file has them. */
  memoryFormat: 'exported' | 'contiguous' | 'channels-last';
  /**
   * Convolutions of three taps by Winograd's minimal filtering, with fewer multiplications; in float32 on a CPU. Default
   * false.
   */
  winograd: boolean;
  /** TorchScript's profiling executor instead of its plain interpreter; default false. Its first runs are slower. */
  optimiseGraph: boolean;
}

/** How far the search for a model's fastest form is. */
export interface Tuning {
  /** The form that is being measured. */
  tried: ModelForm;
  /** The fastest so far. */
  fastest: ModelForm;
  /** How many times faster that one is than the form as exported. */
  gain: number;
  seconds: number;
  /** The most that the search takes. */
  mostSeconds: number;
}

/** How N×classes is made of what forward returns. */
export interface OutputChoice {
  /** Which of several tensors: its index, or its name in a dictionary or named tuple. */
  tensor?: number | string;
  /** What several answers to one clip are averaged over. */
  averageOver: 'nothing' | 'time' | 'segments';
  /** Number of classes, 0 where it is not known: tells them from time. */
  classes: number;
}

/** What a short check of a model finds out; see native/model/model_check.h. */
export interface ModelCheck {
  /** What forward returns for one clip, in words: “a tensor 1x5”. */
  returned: string;
  /** Whether two equal calls give equal answers. */
  repeatable: boolean;
  /** What two clips at once get: what each gets alone, something else, an error; `unknown` where answers vary anyway. */
  batch: 'alike' | 'different' | 'fails' | 'unknown';
  /** Why two clips at once fail; else empty. */
  batchReason: string;
  /**
   * What of the answer's gradient reaches the clip: `missing` where nothing that can be differentiated leads from the
   * clip to the answer, `zero` where it is 0 everywhere, `unknown` where the probabilities are 0 and 1 and leave none.
   */
  gradient: 'reaches' | 'missing' | 'zero' | 'unknown' | 'not-finite' | 'fails';
  /** Why the backward pass fails; else empty. */
  gradientReason: string;
  /** What the numbers of an answer could be; `unclear`: few of them, and all between 0 and 1. */
  look: 'scores' | 'softmax' | 'sigmoid' | 'unclear';
}

export interface ModelSpec {
  path: string;
  /** `cpu`, `cuda` or `cuda:<index>`. */
  device: string;
  /** Number format of the model's own arithmetic; tf32 is CUDA's. */
  precision: 'float32' | 'tf32' | 'bfloat16';
  form: ModelForm;
  /** Whether the form's gradient was compared with the exported model's earlier, as tuning does; else it is at every load. */
  formWasCompared: boolean;
  /** Measure forms and take the fastest instead of `form`. */
  tune: boolean;
  layout: 'NCTHW' | 'NTCHW';
  activation: 'logits' | 'softmax' | 'sigmoid';
  output: OutputChoice;
  /** The result of an earlier check of the file; without it the model is checked. */
  check?: ModelCheck;
  frames: number;
  height: number;
  width: number;
  /** How a transformer's tokens tile a clip; without it, found in the model's layers. */
  tokens?: TokenGrid;
  /** Why the model takes one clip at a time, where that is known: two at once are not tried then. */
  alone?: string;
  /** The expected output for the reference input, if the manifest has one. */
  reference?: { seed: number; outputs: number[] };
  /**
   * Shuffles the values of this share (0, 1] of the parameter tensors, counted from the output. Leave out `reference`
   * then.
   */
  randomise?: { seed: number; share: number };
  /** Threads inside libtorch's operators; 0 leaves the choice to libtorch. */
  threads: number;
}

/** Views of a larger clip, over which a model's answer is averaged. */
export interface ViewsSpec {
  /** Sizes of the larger clip. */
  frames: number;
  height: number;
  width: number;
  /** Of each view its frames' places in the clip, as many as the model takes, and where its rectangle begins. */
  views: { frames: number[]; top: number; left: number }[];
  /** What is averaged: probabilities, or scores. */
  average: 'prob' | 'logits';
}

/** How a transformer's tokens tile a clip. */
export interface TokenGrid {
  /** T', H' and W': patches along each axis. */
  grid: [number, number, number];
  /** Class tokens, which come before the patches. */
  prefix: number;
}

/** What takes the place of a voxel that a mask does not keep. */
export interface Perturbation {
  perturbation: 'blur' | 'fade';
  blurLevels: number;
  blurSigma: number;
  /** The colour that `fade` fades to, in the model's normalised space and channel order. */
  fadeColour: [number, number, number];
}

/** What concerns one run of a method that optimises masks, beside the method's options. */
export interface MaskRunOptions {
  /** Seed of the random numbers that a model draws while it runs; default 0. */
  seed?: number;
  /**
   * Free bytes, which decide how many clips the model takes at once where there are several masks. Without it, all of
   * them, and half as many whenever memory is exhausted: for GPUs, which report that.
   */
  memory?: number;
  /**
   * Iterations, ascending from 0, whose gradients to keep, and on which domain; `mask` only where none is modulated
   * on the parameters.
   */
  record?: { iterations: number[]; domain: 'parameters' | 'mask' };
  /** Asks for pictures of what the model saw under the masks. */
  pictures?: PictureOptions;
  /** Whether progress brings the first mask. */
  progressMasks?: boolean;
  /**
   * Parameters to start from, masks×T×h×w in [0, 1], as another run's `parameters`; all are 1 without it. A schedule then begins
   * where its rate is highest, and frames that were left out stay out.
   */
  initial?: Float32Array;
  /**
   * The reward's energy at which a mask is enough. The run of one mask then looks for the smallest such one: its budget
   * falls as long as the mask is enough. In place of one mask it returns the best of each size that it came by.
   */
  enough?: number;
}

/** How normalised clips become pictures again: byte = value·scale + offset, for each of the model's channels. */
export interface PictureOptions {
  scale: [number, number, number];
  offset: [number, number, number];
  /** The order of the model's channels. */
  isBgr: boolean;
}

/** Masks that were tried on a clip. */
export interface TriedMasks {
  /** Φ(M ⊗ X): masks×classes. */
  probabilities: Float32Array;
  /** M ⊗ X, masks×T×H×W×3 RGB bytes, where `pictures` asked for them. */
  pictures?: Uint8Array;
}

/** ∇M of one iteration; all masks×T×H×W of `shape`: of the grid of parameters, or of the frame. */
export interface GradientRecord {
  iteration: number;
  shape: number[];
  /** M before the update: the parameters, or the mask on the frame. */
  mask: Float32Array;
  /** The model's part of ∇M of the energy to minimise, Eq. (2); M moves against it. */
  reward: Float32Array;
  /** The rest of ∇M: of the area, and of the core in STEP. */
  regularization: Float32Array;
  /** ∇M̃ of Eq. (6), which the update takes; without modulation the sum of the two. */
  applied: Float32Array;
}

/** One iteration's weighted energies and the mean of the mask over the frame, for each mask. */
export interface Iteration {
  iteration: number;
  iterations: number;
  reward: Float32Array;
  area: Float32Array;
  core: Float32Array;
  realisedArea: Float32Array;
  /** The first mask, T×H×W, where `progressMasks` asked for it. */
  mask?: Float32Array;
}

/**
 * Masks are ordered clip by clip, within a clip area by area, within an area cell by cell. A search with `enough` has
 * `budgets.length` masks in place of one.
 */
export interface ExtremalPerturbationResult {
  /** clips×areas×cells×T×H×W in [0, 1]. */
  masks: Float32Array;
  /**
   * What the model saw, clips×areas×cells×T×H×W×3 RGB bytes, where `pictures` asked for them: M ⊗ X, or (1 − M) ⊗ X of
   * the variant `delete`.
   */
  pictures?: Uint8Array;
  /** Of the masks that a search with `enough` found, ascending by size: the budget of each, and the iteration that used it. */
  budgets: Float32Array;
  foundIn: number[];
  /** What the masks are made of, clips×areas×cells×T×h×w in [0, 1], after the last update. */
  parameters: Float32Array;
  /** Φ(X): clips×classes. */
  original: Float32Array;
  /** Φ(M ⊗ X): clips×areas×cells×classes. */
  explained: Float32Array;
  /** Φ((1 − M) ⊗ X), the same, of the variants `delete` and `dual`. */
  deleted?: Float32Array;
  /** The class explained, of each clip. */
  targets: number[];
  /** Iterations after which all masks of a clip and a cell had settled, clips×cells; else those of the run. */
  updates: number[];
  /** iterations×masks each. */
  reward: Float32Array;
  area: Float32Array;
  core: Float32Array;
  /** Iterations that came from a CUDA graph. */
  replayed: number;
  /** Of the iterations that `record` asked for; else empty. */
  gradients: GradientRecord[];
  /** Seconds in the loop, and in it inside the model's forward and backward. */
  seconds: number;
  modelSeconds: number;
}

export interface AttributionResult {
  /** T×H×W, at least 0, not scaled. */
  map: Float32Array;
  /** Φ(X): one probability per class. */
  original: Float32Array;
  /** The class explained. */
  target: number;
  /** Integrated gradients: completenessGap, score and baselineScore. */
  facts: Record<string, number>;
  /** Seconds in the method, and in it inside the model's forward and backward. */
  seconds: number;
  modelSeconds: number;
}

/** How many of a method's equal pieces of work are done. */
export interface AttributionProgress {
  done: number;
  of: number;
}

/** A named part of a model that returns a tensor. */
export interface Layer {
  /** The path to it, as `stage3.second.relu`. */
  name: string;
  /** Its class, as `Conv3d`. */
  type: string;
  /** Of what it returns for one clip. */
  shape: number[];
  /**
   * The order of its axes where it has an extent in space; TCHW has frames as a batch of pictures, NLC has L tokens, and
   * TLC those of each frame.
   */
  maps: 'NCTHW' | 'NTCHW' | 'TCHW' | 'NTHWC' | 'NLC' | 'TLC' | null;
  /** T', H' and W' of its tokens, of NLC and TLC. */
  grid: number[] | null;
  /**
   * Whether it is the last that the whole decision flows through, or one of several that together are; see
   * native/model/deciding_layers.h.
   */
  isDefault: boolean;
}

/** What a forward and an explanation of one clip take. */
export interface ModelCost {
  /** Of the convolutions and matrix products in one forward of one clip. */
  multiplyAccumulates: number;
  /** Most bytes of tensors at once in an explanation, beside the model's weights. */
  peakBytes: number;
}

/** What a model's file shows of it without its arithmetic. */
export interface ModelSketch {
  classes: number;
  parameters: number;
  /** Number format of the weights in the file, as `Float` or `Half`. */
  weights: string;
  /** Whether the file's code names a GPU. */
  namesGpu: boolean;
  /** As `NativeModel.layers` lists them; none is marked as the default, which takes gradients. */
  layers: Layer[];
  /** Of the convolutions and matrix products in one forward of one clip. */
  multiplyAccumulates: number;
}

/**
 * A model on its own thread.
 *
 * `MaskOptions` is the configuration of a method that optimises masks, `AttributionOptions` that of a saliency method or
 * control. lib/methods/native.ts makes them of the descriptions of the options; the addon reads them in
 * native/addon/mask_options.cc and attribution_options.cc.
 */
export interface NativeModel<MaskOptions = unknown, AttributionOptions = unknown> {
  /** Number of outputs. */
  readonly classes: number;
  /** Number of parameters. */
  readonly parameters: number;
  /** The form that it was loaded in, or that was found to be the fastest. */
  readonly form: ModelForm;
  /** Methods beside forward that the archive exports. */
  readonly methods: string[];
  /** The result of its check, at this load or an earlier one. */
  readonly check: ModelCheck;
  /** Number format of the weights in the file, as `Float` or `Half`; they are float32 now. */
  readonly weights: string;
  /** Whether the file's code names a GPU, for which the CPU was taken. */
  readonly namesGpu: boolean;
  readonly disposed: boolean;
  /** Probabilities, count×classes, of `count` clips C×T×H×W, one after the other. */
  predict(clips: Float32Array, count: number): Job<Float32Array>;
  /**
   * What the model makes of one clip C×T×H×W under `count` masks T×H×W in [0, 1], one after the other, and where asked
   * for what it sees. Run in small batches; `cancel()` works between two of them.
   */
  predictPerturbed(
    clip: Float32Array,
    masks: Float32Array,
    count: number,
    perturbation: Perturbation,
    pictures?: PictureOptions,
  ): Job<TriedMasks>;
  /**
   * Explains clips C×T×H×W, which lie one after the other, side by side: as many as there are targets, of which −1 is
   * the predicted class. Progress is reported at most ten times a second.
   */
  extremalPerturbation(
    clips: Float32Array,
    targets: number[],
    options: MaskOptions & MaskRunOptions,
    onProgress: ((iteration: Iteration) => void) | undefined,
  ): Job<ExtremalPerturbationResult>;
  /** Runs a saliency method or control on one clip C×T×H×W; `cancel()` works between two of its pieces of work. */
  attribute(
    clip: Float32Array,
    target: number,
    options: AttributionOptions,
    onProgress: ((progress: AttributionProgress) => void) | undefined,
  ): Job<AttributionResult>;
  /** The layers in the order in which they run. Runs the model once, forward and backward. */
  layers(): Job<Layer[]>;
  /** Measures what the model costs, by one forward and by an explanation of a clip of noise with these options. */
  cost(options: MaskOptions): Job<ModelCost>;
  /** Finds out whether the model runs in bfloat16: the reason why it does not, or null. */
  refusesBfloat16(): Job<string | null>;
  /**
   * The same model as one of a larger clip, several views of which it looks at and answers with the mean over them. It
   * runs on the same thread, and ends with this one.
   */
  averageViews(spec: ViewsSpec): NativeModel<MaskOptions, AttributionOptions>;
  /** Frees the model; running work stops within one iteration, all of it rejects with FEP_DISPOSED. */
  dispose(): void;
}

export interface Binding<MaskOptions = unknown, AttributionOptions = unknown> {
  loadModel(
    spec: ModelSpec,
    onTuning?: (tuning: Tuning) => void,
  ): Job<NativeModel<MaskOptions, AttributionOptions>>;
  /**
   * Follows a clip's sizes through a network, on the CPU and without its products: in seconds where a forward takes
   * minutes. Rejects with FEP_MODEL_RUN where its code asks for numbers.
   */
  sketchModel(spec: ModelSpec): Job<ModelSketch>;
  /** A mask's options as the addon understands them, for tests: each field that was given, and nothing else. */
  describeMaskOptions(options: MaskOptions): MaskOptions;
  /** The same of a saliency method's options; where they name no field, their `method` and `seed` are left out. */
  describeAttributionOptions(options: AttributionOptions): Partial<AttributionOptions>;
  /** Versions and build facts, for results and bug reports. */
  info(): { libtorch: string; cpu: string; threads: number; cuda: boolean; cudaDevices: number };
}
