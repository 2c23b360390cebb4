import type { Clip } from '../clip/types';
import type { BoxMask } from '../datasets/types';
import { FepError } from '../errors/fepError';
import type { ExplainProgress } from '../explain/types';
import type { Manifest } from '../manifest/manifest';
import type { VideoModel } from '../model/videoModel';
import { fromFirstToLast, spreadOver } from '../numbers/spread';
import { CLAMPING_FOLLOWED, type Departure, measureDeparture } from './departure';
import { type GradientMaps, gradientMaps } from './gradientMaps';
import {
  type CheckedFigureOptions,
  checkFigureOptions,
  FIGURES,
  type FigureName,
  type FigureOptions,
} from './options';
import { epConfig, fepConfig, type ModulatedConfig, type Run, Runner, withLowRatio } from './runs';
import { measureSpectra, type Spectra } from './spectra';
import { measureTradeoff, type Tradeoff } from './tradeoff';

export interface FigureCallOptions extends FigureOptions {
  /** Called with the progress of all runs together. */
  onProgress?: ((progress: ExplainProgress) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/** The data of the requested figures. */
export interface Figures {
  config: ModulatedConfig;
  /** Frames that `gradients` shows. */
  frames: number[];
  gradients?: GradientMaps;
  spectrum?: Spectra;
  departure?: Departure;
  tradeoff?: Tradeoff;
}

/** Number of iterations at which departure compares both masks. */
const DEPARTURE_POINTS = 26;

/**
 * Runs 3D-EP and F-EP on a clip with the same step and σ, and measures the data of the figures: the gradients before
 * and after modulation (Fig. 2), their spectrum, the departure from Eq. (5), and interpretability against faithfulness
 * for several r_l (Fig. 3).
 *
 * @param boxes the boxes of the clip's actor or object, or null if unknown
 * @throws FepError as `explain`, and `FEP_USAGE` for an iteration or frame out of range
 */
export async function measureFigures(
  model: VideoModel,
  clip: Clip,
  boxes: BoxMask | null,
  { onProgress, signal, ...given }: FigureCallOptions = {},
): Promise<Figures> {
  const options = checkFigureOptions(given);
  const config = fepConfig(options, model.manifest);
  const frames = framesOf(options, clip.frames);
  const { domain } = config.modulation;
  const others = otherConfigs(config, options);
  const total = countIterations(given, model.manifest);
  const runner = new Runner(model, clip, total, { onProgress, signal });
  const keep = iterationsToKeep(config, options);
  const ep = await runner.run(epConfig(config), domain, [...keep.shared]);
  const fep = { ...(await runner.run(config, domain, [...keep.shared, ...keep.followed])), config };
  const rest: Run[] = [];
  for (const other of others) rest.push(await runner.run(other, domain));
  return { config, frames, ...measure({ ep, fep, rest }, keep, clip, boxes, options) };
}

/**
 * Total iterations of all runs of `measureFigures`.
 *
 * @throws FepError `FEP_USAGE` for options that `measureFigures` refuses
 */
export function countIterations(given: FigureOptions, manifest: Manifest): number {
  const options = checkFigureOptions(given);
  const config = fepConfig(options, manifest);
  framesOf(options, manifest.input.frames);
  return (2 + otherConfigs(config, options).length) * options.iterations;
}

function wantedFigures({ only }: Pick<CheckedFigureOptions, 'only'>): readonly FigureName[] {
  return only ?? FIGURES;
}

/** The consecutive frames to show, by default around the middle. */
function framesOf({ shown, from }: CheckedFigureOptions, frames: number): number[] {
  const count = Math.min(shown, frames);
  const first = from ?? Math.floor((frames - count) / 2);
  if (first + count <= frames) return Array.from({ length: count }, (_, i) => first + i);
  throw new FepError(
    'FEP_USAGE',
    `Frames ${first} to ${first + count - 1} are out of range; the clip has ${frames} frames.`,
    {
      hint: `Start at frame ${frames - count} or earlier.`,
    },
  );
}

/** F-EP with each of the other r_l. */
function otherConfigs(config: ModulatedConfig, options: CheckedFigureOptions): ModulatedConfig[] {
  if (!wantedFigures(options).includes('tradeoff')) return [];
  const ratios = [...new Set(options.lowRatios)].filter((ratio) => ratio !== config.modulation.lowRatio);
  return ratios.map((ratio) => withLowRatio(config, ratio));
}

/** The iterations whose gradients are kept. */
interface KeptIterations {
  spectrum: number[];
  departure: number[];
  /** Kept of both runs. */
  shared: number[];
  /** Kept of F-EP's run. */
  followed: number[];
}

function iterationsToKeep(config: ModulatedConfig, options: CheckedFigureOptions): KeptIterations {
  const { at, averaged, iterations } = options;
  const wanted = wantedFigures(options);
  const spectrum = wanted.includes('spectrum') ? spreadOver(iterations, averaged) : [];
  const departure = wanted.includes('departure') ? fromFirstToLast(iterations, DEPARTURE_POINTS) : [];
  const followed = Math.min(iterations, CLAMPING_FOLLOWED);
  const follows = wanted.includes('departure') && config.modulation.domain === 'parameters';
  return {
    spectrum,
    departure,
    shared: [...(wanted.includes('gradients') ? [at] : []), ...spectrum, ...departure],
    followed: follows ? fromFirstToLast(followed, followed) : [],
  };
}

function measure(
  { ep, fep, rest }: { ep: Run; fep: Run & { config: ModulatedConfig }; rest: Run[] },
  { spectrum, departure }: KeptIterations,
  clip: Clip,
  boxes: BoxMask | null,
  options: CheckedFigureOptions,
): Omit<Figures, 'config' | 'frames'> {
  const wanted = wantedFigures(options);
  return {
    ...(wanted.includes('gradients') && { gradients: gradientMaps(ep, fep, options.at) }),
    ...(wanted.includes('spectrum') && { spectrum: measureSpectra(ep, fep, spectrum) }),
    ...(wanted.includes('departure') && { departure: measureDeparture(ep, fep, departure) }),
    ...(wanted.includes('tradeoff') && {
      tradeoff: measureTradeoff([ep, ...byLowRatio([fep, ...rest])], clip, boxes),
    }),
  };
}

function byLowRatio(runs: readonly Run[]): Run[] {
  const lowRatio = ({ config }: Run) => config.modulation?.lowRatio ?? 0;
  return runs.toSorted((a, b) => lowRatio(a) - lowRatio(b));
}
