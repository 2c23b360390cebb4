import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAtomically } from '../atomicFile';
import type { BenchClipDocument, BenchDocument, CurvesDocument } from '../report/page/document';
import { pageHtml } from '../report/page/pageHtml';
import { methodsOnCommandLine } from './commandLine';
import type { BenchConfig } from './config';
import { walkChart } from './curves';
import { writeKeptPages } from './keptClips';
import type { BenchRecord } from './record';
import type { BenchResults } from './results';
import { introduction } from './table/markdown';
import { METRICS } from './table/metrics';
import { tableRows } from './table/rows';

/**
 * Writes `bench.html`: the tables, the curves and every clip's scores on one page. Two runs of one bench have it in
 * common byte for byte.
 *
 * @throws FepError `FEP_IO`
 */
export async function writeBenchPage(
  folder: string,
  results: BenchResults,
  config: BenchConfig,
): Promise<string> {
  const path = join(folder, 'bench.html');
  const pageOf = await writeKeptPages(folder, results.records, config);
  const html = pageHtml('Comparison of explanation methods', benchDocument(results, config, pageOf));
  await writeAtomically(path, (temporary) => writeFile(temporary, html));
  return path;
}

/** The page that shows a clip, where its masks were kept. */
type PageOf = (clip: Pick<BenchRecord, 'model' | 'sample'>) => string | undefined;

/** A bench as the viewer takes it. */
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
      .map((line) => line.replace(/^- /, '')),
    models: config.models.map(({ name }) => name),
    areas: config.options.area,
    metrics: known.map(({ name, title, better }) => ({ name, title, better })),
    rows,
    curves: curvesOf(records, config),
    clips: clipsOf(records, config, known, pageOf),
    config: { ...config.options, device: config.device, models: config.models },
    versions: config.versions,
  };
}

function curvesOf(records: readonly BenchRecord[], config: BenchConfig): CurvesDocument[] {
  if (config.options.curveSteps === 0) return [];
  return config.models.flatMap(({ name: model }) =>
    config.options.area.flatMap((area) =>
      (['deletion', 'insertion'] as const).map((kind) => {
        const { curves } = walkChart(records, { kind, model, area }, config);
        return { kind, model, area, curves };
      }),
    ),
  );
}

function clipsOf(
  records: readonly BenchRecord[],
  config: BenchConfig,
  metrics: typeof METRICS,
  pageOf: PageOf,
): BenchClipDocument[] {
  const clips = new Map<string, BenchClipDocument>();
  for (const { model, sample, label, target, method, masks } of records) {
    const key = JSON.stringify([model, sample]);
    const command = commandFor(sample, model, config);
    const page = pageOf({ model, sample });
    const about = { model, sample, label, target, command, ...(page !== undefined && { page }) };
    const clip = clips.get(key) ?? { ...about, scores: [] };
    clips.set(key, clip);
    const scores = masks.map(({ area, scores: all }) => ({
      ...{ method, area },
      values: metrics.map(({ of }) => of(all)),
    }));
    clip.scores.push(...scores);
  }
  return [...clips.values()];
}

function commandFor(sample: string, model: string, { options }: BenchConfig): string {
  const { data, split, dataSeed, difficulty, iterations, step, sigma, area, seed } = options;
  const flags = {
    ...{ data, sample, split, 'data-seed': dataSeed, model, area: area[0], iterations, step, sigma, seed },
    difficulty: typeof difficulty === 'string' ? difficulty : undefined,
    method: methodsOnCommandLine(options.methods),
  };
  const given = Object.entries(flags).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name} ${quoted(String(value))}`],
  );
  return `npx fep-native compare ${given.join(' ')}`;
}

/** As a shell reads it as one word. */
function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
