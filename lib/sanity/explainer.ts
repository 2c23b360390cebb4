import type { Clip } from '../clip/types';
import { explainPlanned } from '../evaluate/explainPlanned';
import { planMethod } from '../evaluate/plan';
import type { MaskExplanation } from '../explain/types';
import type { Method } from '../methods/methods';
import { type AnyOptions, onlyOwn } from '../methods/options';
import type { VideoModel } from '../model/videoModel';
import type { ResolvedSanity } from './options';

/** How far the checks are. */
export interface SanityProgress {
  /** Explanations made, and to be made. */
  done: number;
  of: number;
  method: Method;
}

/** Which explanation is made. The method's other options override those of the checks. */
interface ExplainerOptions extends Omit<AnyOptions, 'area'> {
  method: Method;
  target: number;
}

/** Explains with a method as the options say, and counts. */
export class Explainer {
  private done = 0;

  constructor(
    private readonly options: ResolvedSanity,
    private readonly total: number,
    private readonly onProgress: ((progress: SanityProgress) => void) | undefined,
    private readonly signal: AbortSignal | undefined,
  ) {}

  async explain(model: VideoModel, clip: Clip, options: ExplainerOptions): Promise<MaskExplanation> {
    const { method, target, seed = this.options.seed, ...own } = options;
    this.onProgress?.({ done: this.done, of: this.total, method });
    const { config } = planMethod(
      { method, options: { ...this.drawsOf(method), ...own } },
      { ...this.options, target, seed },
      model.manifest,
    );
    const { masks } = await explainPlanned(model, { clip, boxes: null }, { config, signal: this.signal });
    this.done++;
    this.onProgress?.({ done: this.done, of: this.total, method });
    return masks[0]!;
  }

  /** The same, as a map whose order of voxels counts. */
  async map(model: VideoModel, clip: Clip, options: ExplainerOptions): Promise<Float32Array> {
    return mapOf(await this.explain(model, clip, options));
  }

  private drawsOf(method: Method): AnyOptions {
    return onlyOwn(method, { samples: this.options.samples });
  }
}

/** A saliency method's map before it was scaled and clipped; else the mask. */
export function mapOf({ attribution, mask }: MaskExplanation): Float32Array {
  return attribution ?? mask;
}
