import type { ModelCost as NativeCost } from '../../binding';
import { runJob } from '../binding/runJob';
import { FepError } from '../errors/fepError';
import { isMaskConfig } from '../methods/config';
import { toMaskOptions } from '../methods/native';
import type { ExplainOptions } from '../methods/options';
import { resolveConfig } from '../methods/resolve';
import type { VideoModel } from '../model/videoModel';

/** What a model and an explanation of one clip take. */
export interface ModelCost {
  parameters: number;
  /** Of the weights, in the format they are kept in. */
  weightBytes: number;
  /**
   * Multiply-accumulates of the convolutions, matrix products, attention and recurrent layers in one forward of one
   * clip, counted while they run. Published "FLOPs" of video models are mostly this number.
   */
  multiplyAccumulates: number;
  /** Two floating-point operations for each of them. */
  flops: number;
  /**
   * Most bytes of tensors at once in an explanation: the weights, and what is measured in a run of two iterations.
   * The process itself, libtorch and its kernels' scratch space come on top.
   */
  explanationBytes: number;
}

/** Two iterations meet every tensor that a longer run has: the first frees its graph in the second. */
const ITERATIONS = 2;

/**
 * Measures what a model costs, by one forward and two iterations of an explanation of a clip of noise.
 *
 * @param options of the explanation; by default F-EP with one area. A saliency method is not measured
 * @throws FepError `FEP_USAGE`, `FEP_DISPOSED`, `FEP_ABORTED`, `FEP_OUT_OF_MEMORY`, `FEP_CUDA_OOM`
 */
export async function measureCost(
  model: VideoModel,
  options: ExplainOptions = {},
  signal?: AbortSignal,
): Promise<ModelCost> {
  const config = resolveConfig(options, model.manifest);
  if (!isMaskConfig(config)) {
    throw new FepError('FEP_USAGE', `The cost of ${config.method} is not measured, only that of masks.`);
  }
  const short = toMaskOptions([{ ...config, iterations: ITERATIONS }], model.manifest);
  const cost = await runJob(() => model.native.cost(short), signal);
  return describe(cost, model);
}

function describe({ multiplyAccumulates, peakBytes }: NativeCost, model: VideoModel): ModelCost {
  const { parameters } = model.native;
  const weightBytes = parameters * (model.precision === 'bfloat16' ? 2 : 4);
  return {
    parameters,
    weightBytes,
    multiplyAccumulates,
    flops: 2 * multiplyAccumulates,
    explanationBytes: weightBytes + peakBytes,
  };
}
