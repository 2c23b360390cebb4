import { versions } from '../binding/versions';
import { readClip } from '../clip/readClip';
import type { Clip } from '../clip/types';
import { FepError } from '../errors/fepError';
import type { MaskExplanation } from '../explain/types';
import type { Method } from '../methods/methods';
import { type LoadModelOptions, loadModel } from '../model/loadModel';
import type { VideoModel } from '../model/videoModel';
import { requireArray } from '../options/requireArguments';
import { Explainer, type SanityProgress } from './explainer';
import { FRAME_ORDERS } from './frameOrder';
import { type ClipMeasures, type ExplainedClip, measureIntact, measureRandomised, runsOf } from './measure';
import { parseSanityOptions, type ResolvedSanity, type SanityOptions } from './options';
import { judge, type SanityMeasures, type Verdicts } from './verdicts';

/** What is checked, and how to watch and stop it. */
export interface SanityCallOptions extends SanityOptions {
  /** How to load the model. */
  load?: Omit<LoadModelOptions, 'randomise' | 'signal'>;
  /** Which pictures are the clip's, of clips that are folders of several series: a glob such as `img_*.jpg`. */
  framesPattern?: string;
  /** Called before and after every explanation. */
  onProgress?: (progress: SanityProgress) => void;
  /** Stops within one iteration; the promise rejects with `FEP_ABORTED`. */
  signal?: AbortSignal;
}

/** A method's figures and what they say of it. */
export interface SanityRow extends SanityMeasures {
  verdicts: Verdicts;
}

/** The outcome of the checks. */
export interface Sanity {
  model: string;
  clips: string[];
  /** What to know about the model and the clips before believing the rest. */
  warnings: string[];
  options: ResolvedSanity;
  rows: SanityRow[];
  versions: Record<string, string>;
}

/**
 * Asks whether explanations explain the model, after Adebayo et al., "Sanity Checks for Saliency Maps" (NeurIPS 2018):
 * whether they change with its parameters, from the output down; with the order of frames where the model minds it;
 * hardly with the seed; and whether the methods keep the identities that define them. The controls `random` and
 * `center` are there to fail.
 *
 * Every explanation is of the class that the intact model predicts. Figures are means over the clips.
 *
 * @param model a file, or the name of a shipped model
 * @param clips paths of clips
 * @throws FepError as `loadModel`, `readClip` and `explain`; `FEP_USAGE` for a model without parameters of its own
 */
export async function checkSanity(
  model: string,
  clips: string[],
  { load = {}, framesPattern, onProgress, signal, ...given }: SanityCallOptions = {},
): Promise<Sanity> {
  const options = parseSanityOptions(given);
  requireClips(clips);
  const abort = signal && { signal };
  const explainer = new Explainer(options, countRuns(options, clips.length), onProgress, signal);
  const intact = await loadModel(model, { ...load, ...abort });
  try {
    requireParameters(intact);
    const explained: ExplainedClip[] = [];
    const warnings = [...intact.warnings];
    for (const path of clips) {
      const clip = await readClip(path, intact.manifest.input, { framesPattern, ...abort });
      warnings.push(...clip.warnings.map((warning) => `${path}: ${warning}`));
      explained.push(await explainClip(intact, clip, options.methods, explainer));
    }
    const whole = await measureAll(options, explained, (method, clip) =>
      measureIntact(intact, clip, { method, options, explainer }),
    );
    const randomised: Map<Method, number[]>[] = [];
    for (const share of options.shares) {
      const shaken = await loadModel(model, { ...load, ...abort, randomise: { seed: options.seed, share } });
      try {
        const measure = (method: Method, clip: ExplainedClip) =>
          measureRandomised(shaken, clip, { method, explainer });
        randomised.push(await measureAll(options, explained, measure));
      } finally {
        shaken.dispose();
      }
    }
    const rows = options.methods.map((method) => {
      const correlations = randomised.map((byMethod) => byMethod.get(method)!);
      return summarise(method, whole.get(method)!, correlations, options);
    });
    return { model: intact.manifest.name, clips, warnings, options, rows, versions: versions() };
  } finally {
    intact.dispose();
  }
}

function requireClips(clips: unknown): void {
  requireArray(clips, 'clips');
  if (clips.length > 0) return;
  throw new FepError('FEP_USAGE', 'sanity needs at least one clip.', { hint: 'Give the path of one.' });
}

function requireParameters({ native, manifest }: VideoModel): void {
  if (native.parameters > 0) return;
  throw new FepError('FEP_USAGE', `${manifest.name} has no parameters: they were frozen into its program.`, {
    hint: 'Save the model with torch.jit.script or trace, without torch.jit.freeze.',
  });
}

async function explainClip(
  model: VideoModel,
  clip: Clip,
  methods: readonly Method[],
  explainer: Explainer,
): Promise<ExplainedClip> {
  const { index: target, probability } = model.best(await model.predict(clip));
  const explanations = new Map<Method, MaskExplanation>();
  for (const method of methods) {
    explanations.set(method, await explainer.explain(model, clip, { method, target }));
  }
  return { clip, target, probability, explanations };
}

/** One measure of every method on every clip. */
async function measureAll<Measure>(
  { methods }: ResolvedSanity,
  clips: readonly ExplainedClip[],
  measure: (method: Method, clip: ExplainedClip) => Promise<Measure>,
): Promise<Map<Method, Measure[]>> {
  const found = new Map<Method, Measure[]>();
  for (const method of methods) {
    const measures: Measure[] = [];
    for (const clip of clips) measures.push(await measure(method, clip));
    found.set(method, measures);
  }
  return found;
}

function summarise(
  method: Method,
  clips: Omit<ClipMeasures, 'randomised'>[],
  correlations: number[][],
  { shares }: ResolvedSanity,
): SanityRow {
  const frames = Object.fromEntries(
    FRAME_ORDERS.map((order) => [
      order,
      {
        correlation: mean(clips.map((clip) => clip.frames[order].correlation)),
        drop: mean(clips.map((clip) => clip.frames[order].drop)),
      },
    ]),
  ) as SanityMeasures['frames'];
  const measures: SanityMeasures = {
    method,
    randomised: shares.map((share, i) => ({ share, correlation: mean(correlations[i]!) })),
    frames,
    seeds: {
      identical: clips.every(({ seeds }) => seeds.identical),
      correlation: mean(clips.map(({ seeds }) => seeds.correlation)),
    },
    identity: worst(clips.map(({ identity }) => identity)),
    completeness: worst(clips.map(({ completeness }) => completeness)),
  };
  return { ...measures, verdicts: judge(measures) };
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function worst(values: (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length > 0 ? Math.max(...known) : null;
}

/** Explanations in all. */
export function countRuns({ methods, shares }: ResolvedSanity, clips: number): number {
  const each = methods.map((method) => 1 + runsOf(method) + shares.length);
  return clips * each.reduce((sum, runs) => sum + runs, 0);
}
