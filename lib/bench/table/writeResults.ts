import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAtomically } from '../../files/atomicFile';
import { writeBenchPage } from '../kept/benchPage';
import { type BenchResults, inOrder, readResults } from '../run/results';
import type { BenchConfig } from '../settings/config';
import { WHOLE } from '../settings/shard';
import { csvTable } from './csv';
import { type CurveFigure, curveChart } from './curves';
import { markdownTables } from './markdown';
import { tableRows } from './rows';
import { csvTiming, markdownTiming, timingRows } from './timing';

/**
 * Writes tables and figures from the results in a folder: `table.*` and the curves, which are byte-identical for two
 * runs of the same bench, and `timing.*`, which is not.
 *
 * @returns the files
 * @throws FepError `FEP_IO`
 */
export async function writeResults(folder: string, config: BenchConfig): Promise<string[]> {
  const { records, failures } = readResults(folder, WHOLE);
  const results = { records: inOrder(records, config), failures: inOrder(failures, config) };
  return [
    await writeBenchPage(folder, results, config),
    ...(await writeTables(folder, results, config)),
    ...(await writeFigures(folder, results, config)),
  ];
}

async function writeTables(folder: string, results: BenchResults, config: BenchConfig): Promise<string[]> {
  const rows = tableRows(results.records, config);
  const times = timingRows(results.records, config);
  const files: Record<string, string> = {
    'table.md': markdownTables(rows, results, config),
    'table.csv': csvTable(rows),
    'table.json': `${JSON.stringify({ schemaVersion: 1, failed: results.failures.length, rows }, null, 1)}\n`,
    'timing.md': markdownTiming(times, config),
    'timing.csv': csvTiming(times),
    'timing.json': `${JSON.stringify({ schemaVersion: 1, rows: times }, null, 1)}\n`,
  };
  for (const [name, text] of Object.entries(files)) {
    await writeAtomically(join(folder, name), (temporary) => writeFile(temporary, text));
  }
  return Object.keys(files).map((name) => join(folder, name));
}

async function writeFigures(
  folder: string,
  { records }: BenchResults,
  config: BenchConfig,
): Promise<string[]> {
  if (config.options.curveSteps === 0) return [];
  // Loaded lazily, as most commands draw nothing.
  const { lineChart } = await import('../../plot/lineChart.mjs');
  const { writeChart } = await import('../../plot/writeChart.mjs');
  const files: string[] = [];
  for (const figure of curveFigures(config)) {
    const chart = lineChart(curveChart(records, figure, config));
    files.push(...(await writeChart(join(folder, fileName(figure)), chart)));
  }
  return files;
}

function curveFigures({ models, options }: BenchConfig): CurveFigure[] {
  return models.flatMap(({ name }) =>
    options.area.flatMap((area) =>
      (['deletion', 'insertion'] as const).map((kind) => ({ kind, model: name, area })),
    ),
  );
}

/** E.g. `deletion-r2plus1d-mini-area-0.1`; characters that a file system may refuse become dashes. */
function fileName({ kind, model, area }: CurveFigure): string {
  return `${kind}-${model.replace(/[^\w.-]+/g, '-')}-area-${area}`;
}
