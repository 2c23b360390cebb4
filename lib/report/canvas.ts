import type { Picture } from '../frames/picture';

export type Rgb = readonly [number, number, number];

/** RGBA pixels, e.g. of rendered text. */
export interface Sprite {
  data: Uint8Array;
  height: number;
  width: number;
}

/** An RGB picture to paint others onto. Whatever falls outside is clipped. */
export class Canvas implements Picture {
  readonly data: Uint8Array;

  constructor(
    readonly height: number,
    readonly width: number,
    background: Rgb,
  ) {
    this.data = new Uint8Array(height * width * 3);
    for (let i = 0; i < this.data.length; i++) this.data[i] = background[i % 3]!;
  }

  paint(picture: Picture, left: number, top: number): void {
    const columns = Math.min(picture.width, this.width - left);
    const rows = Math.min(picture.height, this.height - top);
    for (let y = 0; y < rows; y++) {
      const from = y * picture.width * 3;
      const to = ((top + y) * this.width + left) * 3;
      this.data.set(picture.data.subarray(from, from + columns * 3), to);
    }
  }

  /** Alpha-blends a picture over the canvas. */
  blend(sprite: Sprite, left: number, top: number): void {
    const columns = Math.min(sprite.width, this.width - left);
    const rows = Math.min(sprite.height, this.height - top);
    for (let y = 0; y < rows; y++)
      for (let x = 0; x < columns; x++) {
        const from = (y * sprite.width + x) * 4;
        const to = ((top + y) * this.width + left + x) * 3;
        const alpha = sprite.data[from + 3]! / 255;
        for (let c = 0; c < 3; c++)
          this.data[to + c] = Math.round(alpha * sprite.data[from + c]! + (1 - alpha) * this.data[to + c]!);
      }
  }
}
