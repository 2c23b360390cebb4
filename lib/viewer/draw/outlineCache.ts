import { outlineOf } from './outline';

/** Outlines of a clip's planes at one threshold: each is found once, however often it is drawn. */
export class OutlineCache {
  private readonly paths = new Map<number, Path2D>();
  private least = -1;

  constructor(
    /** T×H×W. */
    private readonly bytes: Uint8Array,
    private readonly height: number,
    private readonly width: number,
  ) {}

  /** Around what is at least `least` in a frame. */
  at(frame: number, least: number): Path2D {
    if (least !== this.least) this.paths.clear();
    this.least = least;
    const known = this.paths.get(frame);
    if (known) return known;
    const size = this.height * this.width;
    const plane = this.bytes.subarray(frame * size, (frame + 1) * size);
    const path = outlineOf(plane, this.height, this.width, least);
    this.paths.set(frame, path);
    return path;
  }
}
