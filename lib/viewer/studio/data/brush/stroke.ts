import type { MaskFrames } from './maskFrames';

/** A place on a frame, in its pixels; the middle of the first pixel is at ½. */
export interface Point {
  x: number;
  y: number;
}

/** What a stroke leaves, and where. */
export interface Brush {
  /** A value, or the mask whose values come back. */
  paint: number | MaskFrames;
  /** Pixels. */
  radius: number;
  /** The frames that are painted. */
  frames: readonly number[];
}

/** A stroke while it is drawn: a line as wide as its brush, through some frames of a mask. */
export class Stroke {
  /** The mask as the stroke has made it. */
  readonly mask: Uint8Array[];
  private last: Point | undefined;

  constructor(
    before: MaskFrames,
    private readonly width: number,
    private readonly brush: Brush,
  ) {
    this.mask = [...before];
    for (const t of brush.frames) this.mask[t] = before[t]!.slice();
  }

  /** Draws on to a place. */
  to(point: Point): void {
    const from = this.last ?? point;
    const length = Math.hypot(point.x - from.x, point.y - from.y);
    const dabs = Math.max(Math.ceil((2 * length) / this.brush.radius), 1); // close enough to look like a line
    for (let i = 1; i <= dabs; i++)
      this.dab({
        x: from.x + ((point.x - from.x) * i) / dabs,
        y: from.y + ((point.y - from.y) * i) / dabs,
      });
    this.last = point;
  }

  private dab({ x, y }: Point): void {
    const { radius } = this.brush;
    const height = this.mask[0]!.length / this.width;
    const [top, bottom] = [Math.max(Math.floor(y - radius), 0), Math.min(Math.ceil(y + radius), height)];
    for (let row = top; row < bottom; row++) {
      const reach = Math.sqrt(radius ** 2 - (row + 0.5 - y) ** 2);
      if (Number.isNaN(reach)) continue; // the brush begins between this row and the next
      const left = Math.max(Math.ceil(x - reach - 0.5), 0);
      const right = Math.min(Math.floor(x + reach + 0.5), this.width);
      if (left < right) this.fill(row * this.width + left, row * this.width + right);
    }
  }

  private fill(from: number, to: number): void {
    const { paint, frames } = this.brush;
    for (const t of frames) {
      const frame = this.mask[t]!;
      if (typeof paint === 'number') frame.fill(paint, from, to);
      else frame.set(paint[t]!.subarray(from, to), from);
    }
  }
}
