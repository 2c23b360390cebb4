import type { Random } from '../../numbers/random';
import type { Pose } from './motion';
import { randomOutline } from './outline';
import { randomTexture, TEXTURE_REACH, TEXTURE_SIDE } from './texture';

/** The appearance of an actor or a distractor. Both are drawn from the same distribution. */
export interface Figure {
  /** Radius of the outline by direction, as a fraction of the largest; see `randomOutline`. */
  outline: Float32Array;
  /** TEXTURE_SIDE×TEXTURE_SIDE×3 colours in [0, 1]; see `randomTexture`. */
  texture: Float32Array;
}

/** A figure with random shape, texture and colours. */
export function randomFigure(random: Random): Figure {
  return { outline: randomOutline(random), texture: randomTexture(random) };
}

/**
 * Paints a figure into a frame, with an anti-aliased edge of one pixel.
 *
 * @param frame height×width×3, modified
 * @param opacity in (0, 1]
 * @param mask height×width; set to 1 where the figure covers at least half of a pixel
 */
export function paintFigure(
  figure: Figure,
  pose: Pose,
  opacity: number,
  frame: Float32Array,
  height: number,
  width: number,
  mask?: Uint8Array,
): void {
  const { outline, texture } = figure;
  const { x: cx, y: cy, radius } = pose;
  const cos = Math.cos(pose.angle);
  const sin = Math.sin(pose.angle);
  const directions = outline.length;
  const toDirection = directions / (2 * Math.PI);
  const toTexel = (TEXTURE_SIDE - 1) / (2 * TEXTURE_REACH);
  const reach = radius + 1;
  const top = Math.max(0, Math.floor(cy - reach));
  const bottom = Math.min(height - 1, Math.ceil(cy + reach));
  const left = Math.max(0, Math.floor(cx - reach));
  const right = Math.min(width - 1, Math.ceil(cx + reach));
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      const dx = x + 0.5 - cx;
      const dy = y + 0.5 - cy;
      const distance = Math.sqrt(dx * dx + dy * dy);
      if (distance > reach) continue;
      const u = dx * cos + dy * sin;
      const v = dy * cos - dx * sin;
      const direction = Math.floor((Math.atan2(v, u) + Math.PI) * toDirection) % directions;
      const coverage = outline[direction]! * radius - distance + 0.5;
      if (coverage <= 0) continue;
      const pixel = y * width + x;
      if (mask && coverage >= 0.5) mask[pixel] = 1;
      const alpha = opacity * Math.min(coverage, 1);

      const s = (u / radius + TEXTURE_REACH) * toTexel;
      const t = (v / radius + TEXTURE_REACH) * toTexel;
      const column = Math.max(0, Math.min(Math.floor(s), TEXTURE_SIDE - 2));
      const row = Math.max(0, Math.min(Math.floor(t), TEXTURE_SIDE - 2));
      const fs = s - column;
      const ft = t - row;
      const texel = 3 * (row * TEXTURE_SIDE + column);
      for (let c = 0; c < 3; c++) {
        const near = texture[texel + c]! * (1 - fs) + texture[texel + 3 + c]! * fs;
        const below = texel + 3 * TEXTURE_SIDE + c;
        const far = texture[below]! * (1 - fs) + texture[below + 3]! * fs;
        const colour = near * (1 - ft) + far * ft;
        const at = 3 * pixel + c;
        frame[at] = frame[at]! + alpha * (colour - frame[at]!);
      }
    }
  }
}
