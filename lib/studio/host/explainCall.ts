import { explainResolved } from '../../explain/explain';
import { saveExplanation } from '../../explain/saveExplanation';
import type { ExplainProgress, Explanation } from '../../explain/types';
import { METHOD_LABELS } from '../../methods/methods';
import { resolveConfig } from '../../methods/resolve';
import type { VideoModel } from '../../model/videoModel';
import type { EnergyPoint } from '../../report/energyPoint';
import { maskBytes } from '../../report/page/pack';
import type { ProgressFrame, RunResult } from '../api';
import { keepMask } from './keepMask';
import type { HostCalls } from './messages';
import { progressFrame } from './progressFrame';
import { readHostClip } from './readHostClip';
import { writeThumbnail } from './thumbnail';

/** How a run is watched and ended. */
export interface ExplainWatch {
  signal: AbortSignal;
  /** Whether the mask is to be kept when the signal ends the run. */
  keeps(): boolean;
  tell(progress: ProgressFrame, mask: Uint8Array | undefined): void;
}

/** Explains a clip and writes what `explain --out` writes, and a thumbnail. */
export async function explainCall(
  model: VideoModel,
  { clip: chosen, options, folder }: HostCalls['explain']['ask'],
  watch: ExplainWatch,
): Promise<HostCalls['explain']['answer']> {
  const { input } = model.manifest;
  const config = resolveConfig(options, model.manifest);
  const { clip, boxes } = await readHostClip(chosen, input);
  const began = performance.now();
  const seconds = () => (performance.now() - began) / 1000;
  const energy: EnergyPoint[] = [];
  let latest: Float32Array | undefined;
  const onProgress = (progress: ExplainProgress) => {
    latest = progress.mask ?? latest;
    const { iteration, reward, area, core = 0 } = progress;
    if (reward !== undefined && area !== undefined) energy.push({ iteration, reward, area, core });
    const frame = progressFrame(progress, config, input, seconds());
    watch.tell(frame, progress.mask && maskBytes(progress.mask));
  };
  const run = { signal: watch.signal, onProgress, progressMasks: true };
  let stopped = false;
  const explanation = await explainResolved(model, clip, config, run).catch((error: unknown) => {
    if (!watch.signal.aborted || !watch.keeps() || !latest) throw error;
    stopped = true;
    return keepMask(model, clip, config, { mask: latest, energy, seconds: seconds() });
  });
  await saveExplanation(folder, model, clip, explanation, { boxes });
  await writeThumbnail(folder, clip, explanation.masks[0]!.mask);
  return { result: resultOf(explanation, model), stopped };
}

function resultOf({ config, target, masks }: Explanation, model: VideoModel): RunResult {
  const { probability, realisedArea } = masks[0]!;
  return {
    method: METHOD_LABELS[config.method],
    model: model.manifest.name,
    target: target.name,
    probability: { original: probability.original, explained: probability.explained },
    realisedArea,
  };
}
