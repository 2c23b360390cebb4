import type { Random } from '../../numbers/random';
import type { Background } from './background';
import { type Figure, randomFigure } from './figure';
import type { Pose } from './motion';
import type { Synthesis } from './options';

/** Something that looks like an actor but performs no motion of a class. */
export interface Distractor {
  figure: Figure;
  /** Its pose at a moment; 0 is the first frame, 1 the last. */
  pose: (moment: number) => Pose;
}

/** Maximum displacement of a jittering distractor, as a fraction of the frame's shorter side. */
const JITTER = 0.02;

/** Distractors that stand still, jitter about a point, or move with the background. */
export function randomDistractors(options: Synthesis, background: Background, random: Random): Distractor[] {
  return Array.from({ length: options.distractors }, () => randomDistractor(options, background, random));
}

function randomDistractor(options: Synthesis, background: Background, random: Random): Distractor {
  const side = Math.min(options.height, options.width);
  const figure = randomFigure(random);
  const radius = (random.uniform(...options.actorSize) * side) / 2;
  const x = random.uniform(0, options.width);
  const y = random.uniform(0, options.height);
  const angle = random.uniform(0, 2 * Math.PI);
  const jitterX = wander(random);
  const jitterY = wander(random);
  switch (random.pick(['still', 'jittering', 'drifting'] as const)) {
    case 'still':
      return { figure, pose: () => ({ x, y, radius, angle }) };
    case 'jittering':
      return {
        figure,
        pose: (moment) => ({
          x: x + JITTER * side * jitterX(moment),
          y: y + JITTER * side * jitterY(moment),
          radius,
          angle,
        }),
      };
    case 'drifting':
      return {
        figure,
        pose: (moment) => ({
          x: x + background.driftX * (moment - 0.5),
          y: y + background.driftY * (moment - 0.5),
          radius,
          angle,
        }),
      };
  }
}

/** An irregular oscillation in [−1, 1]: the mean of three sines of unrelated frequencies. */
function wander(random: Random): (moment: number) => number {
  const swings = [1, 2, 3].map(() => ({
    pace: random.uniform(8, 40),
    phase: random.uniform(0, 2 * Math.PI),
  }));
  return (moment) =>
    swings.reduce((sum, swing) => sum + Math.sin(swing.pace * moment + swing.phase), 0) / swings.length;
}
