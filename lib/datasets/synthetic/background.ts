import type { Random } from '../../numbers/random';
import { inverseFourier2 } from './fourier';
import type { Synthesis } from './options';

/** A seamlessly repeating scene larger than the frame, and its motion. */
export interface Background {
  /** Side length of the scene, pixels; a power of two. */
  size: number;
  /** size×size×3, roughly in [0, 1] before clamping. */
  scene: Float32Array;
  /** Position of the frame's corner on the scene in the first frame, pixels. */
  x: number;
  y: number;
  /** Motion of the scene relative to the frame during the whole clip, pixels. */
  driftX: number;
  driftY: number;
}

/** Strength of colour relative to brightness. */
const CHROMA = 0.35;

/** Attenuation of the finest detail, like that of a lens: exp(−SOFTNESS) times 1/f at half a cycle per pixel. */
const SOFTNESS = 0.8;

/**
 * A coloured scene whose amplitude spectrum falls as 1/f, like that of natural pictures, and slightly faster near
 * the finest detail, so that its sharpness does not change while it drifts by fractions of a pixel.
 *
 * Brightness and two colour differences are independent random-phase fields with that spectrum.
 */
export function naturalBackground(options: Synthesis, random: Random): Background {
  const { height, width } = options;
  const size = 2 ** Math.ceil(Math.log2(1.1 * Math.max(height, width)));
  const [brightness, warm] = naturalFields(size, random);
  const [cold] = naturalFields(size, random);

  const deviation = random.uniform(0.11, 0.18);
  const level = random.uniform(0.36, 0.62);
  const tint = [0, 1, 2].map(() => level + random.uniform(-0.06, 0.06));
  const scene = new Float32Array(size * size * 3);
  for (let i = 0; i < size * size; i++) {
    const l = brightness[i]!;
    const a = CHROMA * warm[i]!;
    const b = CHROMA * cold[i]!;
    scene[3 * i] = tint[0]! + deviation * (l + a);
    scene[3 * i + 1] = tint[1]! + deviation * (l - 0.5 * (a + b));
    scene[3 * i + 2] = tint[2]! + deviation * (l + b);
  }

  const length = random.uniform(0, options.drift) * Math.min(height, width);
  const direction = random.uniform(0, 2 * Math.PI);
  return {
    size,
    scene,
    x: random.uniform(0, size),
    y: random.uniform(0, size),
    driftX: length * Math.cos(direction),
    driftY: length * Math.sin(direction),
  };
}

/** Two independent size×size fields with mean 0, standard deviation 1 and a 1/f amplitude spectrum. */
function naturalFields(size: number, random: Random): [Float64Array, Float64Array] {
  const re = new Float64Array(size * size);
  const im = new Float64Array(size * size);
  for (let row = 0; row < size; row++) {
    const fy = row <= size / 2 ? row : row - size;
    for (let column = 0; column < size; column++) {
      if (row === 0 && column === 0) continue;
      const fx = column <= size / 2 ? column : column - size;
      const squared = fx * fx + fy * fy;
      const amplitude = Math.exp((-4 * SOFTNESS * squared) / (size * size)) / Math.sqrt(squared);
      const phase = random.uniform(0, 2 * Math.PI);
      re[row * size + column] = amplitude * Math.cos(phase);
      im[row * size + column] = amplitude * Math.sin(phase);
    }
  }
  inverseFourier2(re, im, size);
  return [standardised(re), standardised(im)];
}

/** Scales a field of mean 0 to standard deviation 1, in place. */
function standardised(field: Float64Array): Float64Array {
  let sum = 0;
  for (const value of field) sum += value * value;
  const scale = 1 / Math.sqrt(sum / field.length);
  for (let i = 0; i < field.length; i++) field[i] = field[i]! * scale;
  return field;
}

/**
 * Paints the part of the scene that is visible at a moment, interpolating between its pixels.
 *
 * @param frame height×width×3, overwritten
 * @param moment 0 at the first frame, 1 at the last
 */
export function paintBackground(
  background: Background,
  moment: number,
  frame: Float32Array,
  height: number,
  width: number,
): void {
  const { size, scene } = background;
  const mask = size - 1;
  // The scene moves with the drift, so the frame moves against it.
  const left = background.x - background.driftX * moment;
  const top = background.y - background.driftY * moment;
  const column = Math.floor(left);
  const row = Math.floor(top);
  const fx = left - column;
  const fy = top - row;
  const w00 = (1 - fx) * (1 - fy);
  const w01 = fx * (1 - fy);
  const w10 = (1 - fx) * fy;
  const w11 = fx * fy;
  let out = 0;
  for (let y = 0; y < height; y++) {
    const upper = ((row + y) & mask) * size;
    const lower = ((row + y + 1) & mask) * size;
    for (let x = 0; x < width; x++) {
      const near = (column + x) & mask;
      const far = (near + 1) & mask;
      const p00 = 3 * (upper + near);
      const p01 = 3 * (upper + far);
      const p10 = 3 * (lower + near);
      const p11 = 3 * (lower + far);
      for (let c = 0; c < 3; c++) {
        frame[out++] =
          w00 * scene[p00 + c]! + w01 * scene[p01 + c]! + w10 * scene[p10 + c]! + w11 * scene[p11 + c]!;
      }
    }
  }
}
