import type { ExplainProgress } from '../../explain/types';
import type { ModelInput } from '../../manifest/manifest';
import { type ExplainConfig, isMaskConfig, variantOf } from '../../methods/config';
import type { ProgressFrame } from '../api';

/** How far a run is, as the page is told. */
export function progressFrame(
  { mask, ...progress }: ExplainProgress,
  config: ExplainConfig,
  { frames, height, width }: ModelInput,
  seconds: number,
): ProgressFrame {
  const { reward } = progress;
  return {
    ...progress,
    kept: reward === undefined ? undefined : keptBy(reward, config),
    seconds,
    ...(mask && { shape: [frames, height, width] }),
  };
}

/** Φ_y(M ⊗ X), which is inside of the reward −w_r·log Φ_y(M ⊗ X) of methods that preserve the class. */
function keptBy(reward: number, config: ExplainConfig): number | undefined {
  if (!isMaskConfig(config) || config.reward !== 'log-probability' || variantOf(config) !== 'preserve')
    return undefined;
  return Math.min(Math.exp(-reward / config.rewardWeight), 1);
}
