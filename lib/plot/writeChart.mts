import { writeFile } from 'node:fs/promises';
import type { PlotOptions } from '@observablehq/plot';
import { writeAtomically } from '../files/atomicFile.js';
import { chartToPng, drawChart } from './chart.mjs';

/**
 * Writes a chart as `<path>.svg` and `<path>.png`.
 *
 * @returns the two files
 * @throws FepError `FEP_IO`
 */
export function writeChart(path: string, options: PlotOptions): Promise<[string, string]> {
  return writeSvg(path, drawChart(options));
}

/** Writes a rendered SVG as `<path>.svg` and `<path>.png`. */
export async function writeSvg(path: string, svg: string): Promise<[string, string]> {
  const png = await chartToPng(svg);
  await writeAtomically(`${path}.svg`, (temporary) => writeFile(temporary, svg));
  await writeAtomically(`${path}.png`, (temporary) => writeFile(temporary, png));
  return [`${path}.svg`, `${path}.png`];
}
