import type { Random } from '../../numbers/random';

/** Number of directions in which an outline is sampled. */
const DIRECTIONS = 360;

/**
 * A random star-shaped outline: an ellipse, a polygon, a star or a blob.
 *
 * @returns the radius by direction, DIRECTIONS values in (0, 1] whose maximum is 1
 */
export function randomOutline(random: Random): Float32Array {
  const radius = random.pick([ellipse, polygon, star, blob])(random);
  const outline = new Float32Array(DIRECTIONS);
  let largest = 0;
  for (let i = 0; i < DIRECTIONS; i++) {
    const value = radius((2 * Math.PI * (i + 0.5)) / DIRECTIONS);
    outline[i] = value;
    largest = Math.max(largest, value);
  }
  return outline.map((value) => value / largest);
}

type Radius = (angle: number) => number;

function ellipse(random: Random): Radius {
  const flatness = random.uniform(0.6, 1);
  return (angle) => {
    const s = Math.sin(angle) / flatness;
    const c = Math.cos(angle);
    return 1 / Math.sqrt(c * c + s * s);
  };
}

function polygon(random: Random): Radius {
  const sector = (2 * Math.PI) / (3 + random.integer(4));
  return (angle) => 1 / Math.cos((angle % sector) - sector / 2);
}

function star(random: Random): Radius {
  const points = 4 + random.integer(4);
  const depth = random.uniform(0.12, 0.3);
  return (angle) => 1 + depth * Math.cos(points * angle);
}

function blob(random: Random): Radius {
  const waves = [2, 3, 4, 5].map((count) => ({
    count,
    height: random.uniform(0, 0.3 / count),
    phase: random.uniform(0, 2 * Math.PI),
  }));
  return (angle) =>
    waves.reduce((sum, wave) => sum + wave.height * Math.cos(wave.count * angle + wave.phase), 1);
}
