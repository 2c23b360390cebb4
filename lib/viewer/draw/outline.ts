import { contours } from 'd3-contour';

/** The outline of all values of at least `least` in a plane, in its own pixels. */
export function outlineOf(plane: Uint8Array, height: number, width: number, least: number): Path2D {
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
