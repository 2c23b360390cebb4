import type { Clip } from '../clip/types';
import { explain } from '../explain/explain';
import type { MaskExplanation } from '../explain/types';
import { isMaskMethod, type Method } from '../methods/methods';
import type { ExplainOptions } from '../methods/options';
import type { VideoModel } from '../model/videoModel';
import { defined } from '../options/defined';
import type { ResolvedSanity } from './options';

/** How far the checks are. */
export interface SanityProgress {
  /** Explanations made, and to be made. */
  done: number;
  of: number;
  method: Method;
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

  /** @param more over the options of the checks */
  async explain(
    model: VideoModel,
    clip: Clip,
    target: number,
    method: Method,
    more: ExplainOptions = {},
  ): Promise<MaskExplanation> {
    this.onProgress?.({ done: this.done, of: this.total, method });
    const { masks } = await explain(model, clip, {
      ...this.optionsOf(method),
      ...{ target, ...more },
      ...(this.signal && { signal: this.signal }),
    });
    this.done++;
    this.onProgress?.({ done: this.done, of: this.total, method });
    return masks[0]!;
  }

  /** The same, as a map whose order of voxels counts. */
  async map(
    model: VideoModel,
    clip: Clip,
    target: number,
    method: Method,
    more?: ExplainOptions,
  ): Promise<Float32Array> {
    return mapOf(await this.explain(model, clip, target, method, more));
  }

  private optionsOf(method: Method): ExplainOptions {
    const { iterations, area, step, sigma, samples, seed } = this.options;
    if (isMaskMethod(method)) return defined({ method, iterations, area, step, sigma, seed });
    const draws = method.startsWith('smoothgrad') || method === 'rise';
    return defined({ method, samples: draws ? samples : undefined, seed });
  }
}

/** A saliency method's map before it was scaled and clipped; else the mask. */
export function mapOf({ attribution, mask }: MaskExplanation): Float32Array {
  return attribution ?? mask;
}
