import { type Band, bandEdges, bandsOf, type Ratios } from './bands';
import { dct3, type Shape3 } from './dct';

/** The distribution of a gradient's energy, its sum of squares, over frequencies. */
export interface Spectrum {
  /** Shares of the energy in A, in B, and in neither; they sum to 1. */
  bands: Record<Band, number>;
  /** Share of each temporal frequency k, 0-based, normalised k/T. */
  temporal: number[];
  /**
   * Share of each ring of spatial frequencies: ring r of R has those whose larger normalised index is in r/R to (r +
   * 1)/R.
   */
  spatial: number[];
  /** Share of each temporal frequency and ring, T×R. */
  joint: number[][];
}

/**
 * The spectrum of T×H×W gradients, averaged with equal weights.
 *
 * A spatial frequency is measured by the larger of i/H and j/W rather than by its length, because A and B are boxes:
 * this way their edges are straight lines.
 *
 * @param gradients gradients before or after modulation
 * @param units for each gradient, the energy that its shares refer to: its own, or that before modulation
 */
export function averageSpectrum(
  gradients: readonly ArrayLike<number>[],
  units: readonly number[],
  shape: Shape3,
  ratios: Ratios,
): Spectrum {
  const spectra = gradients.map((gradient, i) => spectrumOf(gradient, units[i]!, shape, ratios));
  const mean = (value: (spectrum: Spectrum) => number) =>
    spectra.reduce((sum, spectrum) => sum + value(spectrum), 0) / spectra.length;
  const [first] = spectra;
  return {
    bands: {
      low: mean(({ bands }) => bands.low),
      high: mean(({ bands }) => bands.high),
      removed: mean(({ bands }) => bands.removed),
    },
    temporal: first!.temporal.map((_, k) => mean(({ temporal }) => temporal[k]!)),
    spatial: first!.spatial.map((_, r) => mean(({ spatial }) => spatial[r]!)),
    joint: first!.joint.map((row, k) => row.map((_, r) => mean(({ joint }) => joint[k]![r]!))),
  };
}

/** The share of the energy of each frequency, T×H×W, averaged over the gradients that have any with equal weights. */
export function meanShares(gradients: readonly ArrayLike<number>[], shape: Shape3): Float64Array {
  const mean = new Float64Array(shape[0] * shape[1] * shape[2]);
  const felt = gradients.filter((gradient) => energyOf(gradient) > 0);
  for (const gradient of felt)
    for (const [i, share] of sharesOf(gradient, energyOf(gradient), shape).entries())
      mean[i]! += share / felt.length;
  return mean;
}

/** The sum of squares. */
export function energyOf(gradient: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < gradient.length; i++) sum += gradient[i]! ** 2;
  return sum;
}

function sharesOf(gradient: ArrayLike<number>, unit: number, shape: Shape3): Float64Array {
  return dct3(gradient, shape).map((g) => (unit > 0 ? g ** 2 / unit : 0));
}

function spectrumOf(gradient: ArrayLike<number>, unit: number, shape: Shape3, ratios: Ratios): Spectrum {
  const [frames, height, width] = shape;
  const shares = sharesOf(gradient, unit, shape);
  const rings = Math.max(height, width);
  const bands: Record<Band, number> = { low: 0, high: 0, removed: 0 };
  const joint = Array.from({ length: frames }, () => new Array<number>(rings).fill(0));
  for (const [index, band] of bandsOf(shape, ratios).entries()) {
    const [k, i, j] = [
      Math.floor(index / (height * width)),
      Math.floor(index / width) % height,
      index % width,
    ];
    bands[band] += shares[index]!;
    joint[k]![ringOf(i, height, j, width)]! += shares[index]!;
  }
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
  return {
    bands,
    temporal: joint.map(sum),
    spatial: Array.from({ length: rings }, (_, r) => sum(joint.map((row) => row[r]!))),
    joint,
  };
}

/** The ring of a spatial frequency, of as many as the longer side has frequencies. */
export function ringOf(i: number, height: number, j: number, width: number): number {
  const rings = Math.max(height, width);
  return Math.max(Math.floor((i * rings) / height), Math.floor((j * rings) / width));
}

/** The edges of A and B as shares of each axis: on a coarse grid not exactly r_l and 1 − r_h. */
export function normalizedEdges(shape: Shape3, ratios: Ratios) {
  const [frames, height, width] = shape;
  const share = (n: number) => {
    const { low, high } = bandEdges(n, ratios);
    return { low: low / n, high: high / n };
  };
  return { temporal: share(frames), spatial: share(Math.max(height, width)) };
}
