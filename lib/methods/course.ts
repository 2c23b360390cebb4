import type { ExtremalPerturbationOptions } from '../../binding';
import type { Manifest } from '../manifest/manifest';
import type { ExplainOptions } from './options';
import type { Preset } from './presets';

/** Updates of the fast schedule where nothing else is said. */
const FAST_ITERATIONS = 120;

/** Free parameters of F-EP's preset on 16 frames of 112×112, where ε is the preset's. */
const PRESET_PARAMETERS = 16 * 9 * 9;

/** How many updates a run has, and how far each goes. */
type Course = Pick<ExtremalPerturbationOptions, 'iterations' | 'learningRate'> & { schedule?: 'fast' };

/**
 * The published course of a method, or the fast one.
 *
 * The finer the grid of parameters, the less of the mask each of them rules and the smaller its gradient, so that the
 * published ε takes finer grids more iterations; the fast schedule's ε grows with the number of parameters instead.
 */
export function courseOf(
  { schedule = 'published', iterations, learningRate, step }: ExplainOptions & { step: number },
  preset: Preset,
  { input: { frames, height, width } }: Manifest,
): Course {
  const parameters = frames * Math.ceil(height / step) * Math.ceil(width / step);
  const fast = schedule === 'fast';
  const pace = fast ? parameters / PRESET_PARAMETERS : 1;
  return {
    ...(fast && { schedule: 'fast' as const }),
    iterations: iterations ?? (fast ? FAST_ITERATIONS : preset.iterations),
    learningRate: learningRate ?? preset.learningRate * pace,
  };
}
