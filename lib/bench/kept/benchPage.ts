import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeMetric, METRICS } from '../../evaluate/metrics';
import { writeAtomically } from '../../files/atomicFile';
import type { BenchDocument, CurvesDocument } from '../../report/page/document';
import { pageHtml } from '../../report/page/pageHtml';
import { aboutCommands } from '../commandLine';
import type { BenchRecord } from '../run/record';
import type { BenchResults } from '../run/results';
import type { BenchConfig } from '../settings/config';
import { curveChart } from '../table/curves';
import { introduction } from '../table/markdown';
import { tableRows } from '../table/rows';
import { clipDocuments } from './clipDocuments';
import { type PageOf, writeKeptPages } from './keptPages';

/**
 * Writes `bench.html`, a page with the tables, the curves and every clip's scores. It is byte-identical for two runs of
 * the same bench.
 *
 * @throws FepError `FEP_IO`
 */
export async function writeBenchPage(
  folder: string,
  results: BenchResults,
  config: BenchConfig,
): Promise<string> {
  const path = join(folder, 'bench.html');
  const pageOf = await writeKeptPages(folder, results, config);
  const html = pageHtml('Comparison of explanation methods', benchDocument(results, config, pageOf));
  await writeAtomically(path, (temporary) => writeFile(temporary, html));
  return path;
}

/** A bench as the viewer reads it. */
export function benchDocument(results: BenchResults, config: BenchConfig, pageOf: PageOf): BenchDocument {
  const { records } = results;
  const rows = tableRows(records, config);
  const known = METRICS.filter(({ name }) => rows.some(({ metrics }) => metrics[name]!.mean !== null));
  return {
    kind: 'bench',
    title: 'Comparison of explanation methods',
    notes: introduction(results, config)
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.replace(/^- /, ''))
      .concat(aboutCommands(config)),
    models: config.models.map(({ name }) => name),
    areas: config.options.area,
    metrics: known.map(describeMetric),
    rows,
    curves: curvesOf(records, config),
    clips: clipDocuments(records, config, known, pageOf),
    config: { ...config.options, device: config.device, models: config.models },
    versions: config.versions,
  };
}

function curvesOf(records: readonly BenchRecord[], config: BenchConfig): CurvesDocument[] {
  if (config.options.curveSteps === 0) return [];
  return config.models.flatMap(({ name: model }) =>
    config.options.area.flatMap((area) =>
      (['deletion', 'insertion'] as const).map((kind) => {
        const { curves } = curveChart(records, { kind, model, area }, config);
        return { kind, model, area, curves };
      }),
    ),
  );
}
