import type { GradientRecord } from '../../binding';
import type { Clip } from '../clip/types';
import { FepError } from '../errors/fepError';
import { checkClip } from '../explain/checkClip';
import { findMasksAndGradients } from '../explain/findMasks';
import type { ExplainProgress, Explanation } from '../explain/types';
import type { Manifest } from '../manifest/manifest';
import { isMaskConfig, type MaskConfig } from '../methods/config';
import { resolveConfig } from '../methods/resolve';
import type { VideoModel } from '../model/videoModel';
import type { Ratios } from './bands';
import type { Shape3 } from './dct';
import type { CheckedFigureOptions } from './options';

/** One run and its kept gradients, by iteration. */
export interface Run {
  config: MaskConfig;
  explanation: Explanation;
  gradients: Map<number, GradientRecord>;
}

/** F-EP's configuration for the figures. @throws FepError `FEP_USAGE` like `resolveConfig`, or for several areas */
export function fepConfig({ explain }: CheckedFigureOptions, manifest: Manifest): ModulatedConfig {
  const config = resolveConfig({ preset: 'paper', ...explain, method: 'f-ep' }, manifest);
  if (!isMaskConfig(config) || config.modulation === null || config.areas.length !== 1) {
    throw new FepError('FEP_USAGE', 'The figures take exactly one area.', {
      hint: 'Give one --area.',
    });
  }
  return { ...config, modulation: config.modulation };
}

/** F-EP's resolved configuration. */
export type ModulatedConfig = MaskConfig & { modulation: NonNullable<MaskConfig['modulation']> };

/** 3D-EP with the same step, σ and weights: F-EP without modulation. */
export function epConfig(config: ModulatedConfig): MaskConfig {
  return { ...config, method: 'ep', modulation: null };
}

/** F-EP with another r_l, and r_h reduced to at most 1 − r_l. */
export function withLowRatio(config: ModulatedConfig, lowRatio: number): ModulatedConfig {
  const highRatio = Math.min(config.modulation.highRatio, 1 - lowRatio);
  const temporal = { temporalLowRatio: lowRatio, temporalHighRatio: highRatio };
  return { ...config, modulation: { ...config.modulation, lowRatio, highRatio, ...temporal } };
}

/** T×H×W of a record's gradients. */
export function shapeOf({ shape }: GradientRecord): Shape3 {
  return shape.slice(-3) as [number, number, number];
}

/** ∇M before modulation: the sum of its reward and regularisation parts. */
export function gradientOf({ reward, regularization }: GradientRecord): Float32Array {
  return reward.map((value, i) => value + regularization[i]!);
}

/** The gradient that modulation is applied to: all of ∇M, or its reward part. */
export function beforeModulation(record: GradientRecord, part: 'energy' | 'reward'): Float32Array {
  return part === 'energy' ? gradientOf(record) : record.reward;
}

/** The same gradient after modulation. */
export function afterModulation(record: GradientRecord, part: 'energy' | 'reward'): Float32Array {
  const { applied, regularization } = record;
  return part === 'energy' ? applied : applied.map((value, i) => value - regularization[i]!);
}

export function ratiosOf({ modulation: { lowRatio, highRatio } }: ModulatedConfig): Ratios {
  return { lowRatio, highRatio };
}

/** Optimises masks sequentially and reports progress over all of their iterations. */
export class Runner {
  private done = 0;

  /** @param total iterations of all runs together */
  constructor(
    private readonly model: VideoModel,
    private readonly clip: Clip,
    private readonly total: number,
    private readonly watch: {
      onProgress?: ((progress: ExplainProgress) => void) | undefined;
      signal?: AbortSignal | undefined;
    },
  ) {
    checkClip(clip, model);
  }

  /**
   * @param keep iterations whose gradients are kept, in any order
   * @throws FepError as `explain`
   */
  async run(config: MaskConfig, domain: 'parameters' | 'mask', keep: readonly number[] = []): Promise<Run> {
    const { model, clip, total, done, watch } = this;
    const target = config.target === null ? -1 : model.classIndex(config.target);
    const onProgress = (progress: ExplainProgress) =>
      watch.onProgress?.({ ...progress, iteration: done + progress.iteration, iterations: total });
    const iterations = [...new Set(keep)].sort((a, b) => a - b);
    const { explanation, gradients } = await findMasksAndGradients(
      model,
      clip,
      target,
      config,
      { onProgress, signal: watch.signal },
      { iterations, domain },
    );
    this.done += config.iterations;
    return { config, explanation, gradients: new Map(gradients.map((kept) => [kept.iteration, kept])) };
  }
}
