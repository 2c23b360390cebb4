import { bandEdges } from '../../../figures/bands';
import { ringOf } from '../../../figures/spectrum';
import type { FrequencyBands } from '../../../methods/modulation';
import type { SpectrumAnswer } from '../../../studio/api';
import { unpackBytes } from '../../data/unpack';
import { ask } from './client';

/** The spectrum of a run's gradient, ready to measure. */
export interface LoadedSpectrum extends Omit<SpectrumAnswer, 'shares'> {
  /** T×H×W. */
  shares: Float32Array;
}

export async function loadSpectrum(run: string): Promise<LoadedSpectrum> {
  const { shares, ...about } = await ask<SpectrumAnswer>(`/api/runs/${run}/spectrum`);
  return { ...about, shares: new Float32Array((await unpackBytes(shares)).buffer) };
}

type Edges = ReturnType<typeof bandEdges>;

/** Where A ends and B begins on the axes T, H and W, as numbers of frequencies. */
export function edgesOf(
  { shape }: Pick<LoadedSpectrum, 'shape'>,
  bands: FrequencyBands,
): [Edges, Edges, Edges] {
  const [frames, height, width] = shape;
  const temporal = { lowRatio: bands.temporalLowRatio, highRatio: bands.temporalHighRatio };
  return [bandEdges(frames, temporal), bandEdges(height, bands), bandEdges(width, bands)];
}

/** What A and B of Eq. (6) keep of the energy, as shares: A all inside of a box, B all outside of a larger one. */
export interface KeptShares {
  low: number;
  high: number;
  /** Of both: exactly 1 where nothing lies between them. */
  both: number;
}

export function keptShares(spectrum: LoadedSpectrum, bands: FrequencyBands): KeptShares {
  const [t, h, w] = edgesOf(spectrum, bands);
  const all = inBox(spectrum, spectrum.shape);
  const inner = inBox(spectrum, [t.low, h.low, w.low]);
  const outer = inBox(spectrum, [t.high, h.high, w.high]);
  return { low: inner / all, high: 1 - outer / all, both: 1 - (outer - inner) / all };
}

/** The share of the lowest frequencies, so many along each axis. */
function inBox({ shares, shape }: LoadedSpectrum, box: readonly number[]): number {
  const [frames, height, width] = box as [number, number, number];
  let sum = 0;
  for (let k = 0; k < frames; k++)
    for (let i = 0; i < height; i++) {
      const row = (k * shape[1] + i) * shape[2];
      for (let j = 0; j < width; j++) sum += shares[row + j]!;
    }
  return sum;
}

/** The shares by temporal frequency and by ring of spatial frequencies, T×R. */
export function planeOf({ shares, shape }: LoadedSpectrum): number[][] {
  const [frames, height, width] = shape;
  const rings = Math.max(height, width);
  const plane = Array.from({ length: frames }, () => new Array<number>(rings).fill(0));
  for (const [index, share] of shares.entries()) {
    const k = Math.floor(index / (height * width));
    const i = Math.floor(index / width) % height;
    plane[k]![ringOf(i, height, index % width, width)]! += share;
  }
  return plane;
}
