import type { Random } from '../../numbers/random';

/** Texels per side of a texture. */
export const TEXTURE_SIDE = 40;

/** The texture covers −TEXTURE_REACH … TEXTURE_REACH on both axes, in units of the figure's radius. */
export const TEXTURE_REACH = 1.1;

const WAVES = 4;

type Colour = readonly [number, number, number];

/**
 * A random pattern in three colours: a sum of waves, mapped to a gradient from a dark through a medium to a bright
 * colour.
 *
 * @returns TEXTURE_SIDE×TEXTURE_SIDE×3 colours in [0, 1]
 */
export function randomTexture(random: Random): Float32Array {
  const palette = [colourAround(random, 0.2), colourAround(random, 0.5), colourAround(random, 0.8)];
  const waves = Array.from({ length: WAVES }, () => {
    const frequency = random.uniform(2, 9);
    const direction = random.uniform(0, 2 * Math.PI);
    return {
      fx: frequency * Math.cos(direction),
      fy: frequency * Math.sin(direction),
      phase: random.uniform(0, 2 * Math.PI),
    };
  });
  const sharpness = random.uniform(0.6, 2);
  const texture = new Float32Array(TEXTURE_SIDE * TEXTURE_SIDE * 3);
  const step = (2 * TEXTURE_REACH) / (TEXTURE_SIDE - 1);
  let at = 0;
  for (let row = 0; row < TEXTURE_SIDE; row++) {
    const v = row * step - TEXTURE_REACH;
    for (let column = 0; column < TEXTURE_SIDE; column++) {
      const u = column * step - TEXTURE_REACH;
      let sum = 0;
      for (const wave of waves) sum += Math.sin(wave.fx * u + wave.fy * v + wave.phase);
      // Position on the palette, 0 to 2.
      const place = Math.max(0, Math.min(2, 1 + sharpness * sum));
      const from = palette[place < 1 ? 0 : 1]!;
      const to = palette[place < 1 ? 1 : 2]!;
      const share = place < 1 ? place : place - 1;
      for (let c = 0; c < 3; c++) texture[at++] = from[c]! + share * (to[c]! - from[c]!);
    }
  }
  return texture;
}

/** A random colour with about the given brightness. */
function colourAround(random: Random, brightness: number): Colour {
  const channel = () => Math.max(0, Math.min(1, brightness + random.uniform(-0.3, 0.3)));
  return [channel(), channel(), channel()];
}
