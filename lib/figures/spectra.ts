import type { Ratios } from './bands';
import type { Shape3 } from './dct';
import { afterModulation, beforeModulation, type ModulatedConfig, type Run, ratiosOf, shapeOf } from './runs';
import { averageSpectrum, energyOf, normalizedEdges, type Spectrum } from './spectrum';

/** Spectra of the gradients of 3D-EP and of F-EP, before and after modulation. */
export interface Spectra {
  shape: Shape3;
  ratios: Ratios;
  /** The edges of A and B on normalised axes. */
  edges: ReturnType<typeof normalizedEdges>;
  /** The averaged iterations. */
  iterations: number[];
  /** The shares of `after` are of the energy before modulation. */
  spectra: { method: string; stage: 'gradient' | 'before' | 'after'; spectrum: Spectrum }[];
}

/** @param iterations the iterations at which both runs have records */
export function measureSpectra(
  ep: Run,
  fep: Run & { config: ModulatedConfig },
  iterations: readonly number[],
): Spectra {
  const { part } = fep.config.modulation;
  const ratios = ratiosOf(fep.config);
  const records = iterations.map((t) => fep.gradients.get(t)!);
  const shape = shapeOf(records[0]!);
  const plain = iterations.map((t) => beforeModulation(ep.gradients.get(t)!, part));
  const before = records.map((record) => beforeModulation(record, part));
  const after = records.map((record) => afterModulation(record, part));
  const average = (gradients: Float32Array[], of: Float32Array[]) =>
    averageSpectrum(gradients, of.map(energyOf), shape, ratios);
  return {
    shape,
    ratios,
    edges: normalizedEdges(shape, ratios),
    iterations: [...iterations],
    spectra: [
      { method: '3D-EP', stage: 'gradient', spectrum: average(plain, plain) },
      { method: 'F-EP', stage: 'before', spectrum: average(before, before) },
      { method: 'F-EP', stage: 'after', spectrum: average(after, before) },
    ],
  };
}
