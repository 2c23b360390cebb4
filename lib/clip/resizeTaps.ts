import type { ResizeFilter } from '../manifest/inputOverrides';

/** For each output position along one axis, the input positions to average and their weights. */
export interface Taps {
  first: Int32Array;
  count: Int32Array;
  /** `width` weights per output position, unused ones 0. */
  weights: Float64Array;
  width: number;
}

/** Weight of an input by its distance from the centre of the output; 0 from `radius` on. */
interface Kernel {
  radius: number;
  at: (distance: number) => number;
}

const TRIANGLE: Kernel = { radius: 1, at: (x) => Math.max(1 - x, 0) };

/** Keys' cubic convolution: it interpolates the inputs, with the slope `a` at distance 1. */
function cubic(a: number): Kernel {
  const at = (x: number) => {
    if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
    return x < 2 ? a * (((x - 5) * x + 8) * x - 4) : 0;
  };
  return { radius: 2, at };
}

/**
 * The taps for scaling `from` pixels to `to` pixels, whose centres are at half integers.
 *
 * With `antialias`, the kernel is widened by the scale factor when shrinking, and its weights are renormalised at
 * the borders: Pillow's `BILINEAR` and `BICUBIC` (a = −0.5). Without it, the kernel keeps its width, and the border
 * pixels are repeated beyond the borders: OpenCV's `INTER_LINEAR` and `INTER_CUBIC` (a = −0.75).
 * `torch.nn.functional.interpolate` has the same four.
 */
export function resizeTaps(
  from: number,
  to: number,
  { antialias = true, interpolation = 'bilinear' }: ResizeFilter,
): Taps {
  const kernel = interpolation === 'bilinear' ? TRIANGLE : cubic(antialias ? -0.5 : -0.75);
  return antialias ? averagingTaps(from, to, kernel) : interpolatingTaps(from, to, kernel);
}

function averagingTaps(from: number, to: number, kernel: Kernel): Taps {
  const scale = from / to;
  const widening = Math.max(scale, 1);
  const support = kernel.radius * widening;
  const taps = emptyTaps(to, Math.ceil(support) * 2 + 1);
  for (let i = 0; i < to; i++) {
    const centre = (i + 0.5) * scale;
    const first = Math.max(Math.floor(centre - support + 0.5), 0);
    const count = Math.min(Math.floor(centre + support + 0.5), from) - first;
    const weights = taps.weights.subarray(i * taps.width, i * taps.width + count);
    for (let k = 0; k < count; k++) weights[k] = kernel.at(Math.abs(first + k + 0.5 - centre) / widening);
    const sum = weights.reduce((total, weight) => total + weight, 0);
    for (let k = 0; k < count; k++) weights[k]! /= sum;
    taps.first[i] = first;
    taps.count[i] = count;
  }
  return taps;
}

function interpolatingTaps(from: number, to: number, { radius, at }: Kernel): Taps {
  const taps = emptyTaps(to, 2 * radius);
  const inside = (index: number) => Math.min(Math.max(index, 0), from - 1);
  for (let i = 0; i < to; i++) {
    const centre = ((i + 0.5) * from) / to - 0.5;
    const [lowest, highest] = [Math.floor(centre) - radius + 1, Math.floor(centre) + radius];
    const first = inside(lowest);
    for (let k = lowest; k <= highest; k++)
      taps.weights[i * taps.width + inside(k) - first]! += at(Math.abs(k - centre));
    taps.first[i] = first;
    taps.count[i] = inside(highest) - first + 1;
  }
  return taps;
}

function emptyTaps(to: number, width: number): Taps {
  return {
    first: new Int32Array(to),
    count: new Int32Array(to),
    weights: new Float64Array(to * width),
    width,
  };
}
