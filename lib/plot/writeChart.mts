import { writeFile } from 'node:fs/promises';
import type { PlotOptions } from '@observablehq/plot';
import { writeAtomically } from '../atomicFile.js';
import { chartToPng, drawChart } from './chart.mjs';

/**
 * Writes a chart as `<path>.svg` and `<path>.png`.
 *
 * @returns the two files
 * @throws FepError `FEP_IO`
 */
export async function writeChart(path: string, options: PlotOptions): Promise<[string, string]> {
  const svg = drawChart(options);
  const png = await chartToPng(svg);
  await writeAtomically(`${path}.svg`, (temporary) => writeFile(temporary, svg));
  await writeAtomically(`${path}.png`, (temporary) => writeFile(temporary, png));
  return [`${path}.svg`, `${path}.png`];
}
