import { contours } from 'd3-contour';

/** Caches the outlines of a clip's frames at the last threshold. */
export class OutlineCache {
  private readonly paths = new Map<number, Path2D>();
  private least = -1;

  constructor(
    /** T×H×W. */
    private readonly bytes: Uint8Array,
    private readonly height: number,
    private readonly width: number,
  ) {}

  /** The outline of the values ≥ `least` in a frame. */
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

/** The outline of the values ≥ `least` in a plane, in the plane's pixels. */
function outlineOf(plane: Uint8Array, height: number, width: number, least: number): Path2D {
  const path = new Path2D();
  if (least <= 0) return path;
  // Half below, so that a value of exactly `least` lies inside.
  const [shape] = contours()
    .size([width, height])
    .thresholds([least - 0.5])(plane as unknown as number[]);
  for (const polygon of shape?.coordinates ?? [])
    for (const ring of polygon) {
      for (const [i, [x, y]] of ring.entries()) i === 0 ? path.moveTo(x!, y!) : path.lineTo(x!, y!);
      path.closePath();
    }
  return path;
}
