import { FepError } from '../../errors/fepError';
import { runMasks } from '../../explain/findMasks';
import { beforeModulation, shapeOf } from '../../figures/runs';
import { meanShares } from '../../figures/spectrum';
import { isMaskConfig, type MaskConfig } from '../../methods/config';
import type { Modulation } from '../../methods/modulation';
import { resolveConfig } from '../../methods/resolve';
import { paceOf } from '../../methods/schedule';
import type { VideoModel } from '../../model/videoModel';
import { spreadOver } from '../../numbers/spread';
import { packBytes } from '../../report/page/pack';
import type { HostCalls } from './messages';
import { readHostClip } from './readHostClip';

/** Updates that are made again of a run whose pace does not depend on how many there are. */
const FIRST_UPDATES = 32;
/** Of the others, which are made to their end; of one that is longer, what is made is the same question asked in fewer. */
const MOST_UPDATES = 120;
/** Gradients that are averaged. */
const AVERAGED = 8;

type FilteredConfig = MaskConfig & { modulation: Modulation };

/**
 * Over which frequencies the energy of a run's gradient lies: the run's updates are made again, to the same bits, since nothing
 * in them is left to chance, and gradients are kept of some.
 */
export async function spectrumCall(
  model: VideoModel,
  { clip: chosen, options }: HostCalls['spectrum']['ask'],
): Promise<HostCalls['spectrum']['answer']> {
  const config = shortened(requireFilter(resolveConfig(options, model.manifest)));
  const { clip } = await readHostClip(chosen, model.manifest.input);
  const { domain, part, course, ...ratios } = config.modulation;
  const target = config.target === null ? -1 : model.classIndex(config.target);
  const watch = { onProgress: undefined, signal: undefined };
  const iterations = spreadOver(config.iterations, AVERAGED);
  const record = { iterations, domain };
  const { gradients } = await runMasks(model, [{ clip, target }], [config], watch, { record });
  const shape = shapeOf(gradients[0]!);
  const shares = meanShares(
    gradients.map((record) => beforeModulation(record, part)),
    shape,
  );
  const { lowRatio, highRatio, temporalLowRatio, temporalHighRatio } = ratios;
  return {
    shape: [...shape],
    shares: packBytes(new Uint8Array(Float32Array.from(shares).buffer)),
    updates: iterations,
    bands: { lowRatio, highRatio, temporalLowRatio, temporalHighRatio },
    opens: course !== undefined,
  };
}

/** @throws FepError `FEP_USAGE` for a method that filters no gradient */
function requireFilter(config: ReturnType<typeof resolveConfig>): FilteredConfig {
  if (isMaskConfig(config) && config.modulation) return { ...config, modulation: config.modulation };
  throw new FepError('FEP_USAGE', `${config.method} does not filter its gradient, so that it has no bands.`, {
    hint: 'Ask for the spectrum of a run of f-ep.',
  });
}

/** As published, every update is as large as the others; other schedules and bands that open depend on where the end is. */
function shortened(config: FilteredConfig): FilteredConfig {
  const dependsOnEnd = paceOf(config.schedule) !== undefined || config.modulation.course !== undefined;
  const most = dependsOnEnd ? MOST_UPDATES : FIRST_UPDATES;
  const iterations = Math.min(config.iterations, most);
  return { ...config, iterations, until: 'iterations' };
}
