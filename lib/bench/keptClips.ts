import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAtomically } from '../atomicFile';
import type { AnnotatedClip } from '../datasets/types';
import { realisedArea } from '../metrics/realisedArea';
import { clipDocument } from '../report/page/clipDocument';
import type { ClipDocument, ComparedDocument, ComparisonDocument } from '../report/page/document';
import { maskDocument } from '../report/page/explanationDocument';
import { pageHtml } from '../report/page/pageHtml';
import type { BenchConfig, BenchMethodConfig } from './config';
import type { BenchRecord, MaskRecord } from './record';
import type { Found } from './scoring';
import { METRICS } from './table/metrics';

/** What belongs together: a sample as one model saw it. */
type ClipName = Pick<BenchRecord, 'model' | 'sample'>;

/** What is kept of a mask. */
export interface KeptMask {
  clip: AnnotatedClip;
  method: BenchMethodConfig;
  target: BenchRecord['target'];
  found: Found;
  record: MaskRecord;
}

/**
 * Keeps a mask below `clips/` of a bench's folder, where `writeKeptPages` finds it.
 *
 * @throws FepError `FEP_IO`
 */
export async function keepMask(
  out: string,
  name: ClipName,
  config: BenchConfig,
  { clip, method, target, found, record }: KeptMask,
): Promise<void> {
  const folder = folderOf(out, name);
  const clipFile = join(folder, 'clip.json');
  if (!existsSync(clipFile)) await writeJson(clipFile, await clipDocument(clip.clip, clip.boxes));
  const { area, mask, explained, predicted } = found;
  const several = area !== null && config.options.area.length > 1;
  const document: ComparedDocument = {
    ...maskDocument({
      method: several ? `${method.label}, ${Number((100 * area).toPrecision(6))} %` : method.label,
      ...{ mask, scaled: area === null && method.method !== 'oracle' },
      ...{ predicted: { name: predicted.name, probability: predicted.probability } },
      probability: { original: target.probability, explained },
      realisedArea: realisedArea(mask),
      ...{ energy: [], config: { ...method.options, ...found.details } },
    }),
    control: method.control,
    scores: Object.fromEntries(METRICS.map(({ name: metric, of }) => [metric, of(record.scores)])),
    walks: { deletion: record.scores.deletionCurve, insertion: record.scores.insertionCurve },
  };
  await writeJson(join(folder, maskFile(config, method.label, area)), document);
}

/**
 * Makes a page of every clip of which masks were kept.
 *
 * @returns for each clip that has one, its page, relative to the bench's folder
 * @throws FepError `FEP_IO`
 */
export async function writeKeptPages(
  out: string,
  records: readonly BenchRecord[],
  config: BenchConfig,
): Promise<(name: ClipName) => string | undefined> {
  const pages = new Map<string, string>();
  for (const record of records) {
    const page = `${folderName(record)}.html`;
    if (pages.has(page) || !existsSync(join(folderOf(out, record), 'clip.json'))) continue;
    const document = await keptDocument(out, record, config);
    const html = pageHtml(`${record.sample} · ${record.target.name}`, document);
    await writeAtomically(join(out, page), (temporary) => writeFile(temporary, html));
    pages.set(page, page);
  }
  return (name) => pages.get(`${folderName(name)}.html`);
}

async function keptDocument(
  out: string,
  { model, sample, target, label }: BenchRecord,
  config: BenchConfig,
): Promise<ComparisonDocument> {
  const folder = folderOf(out, { model, sample });
  const files = config.methods.flatMap((method) =>
    [null, ...config.options.area].map((area) => join(folder, maskFile(config, method.label, area))),
  );
  const methods: ComparedDocument[] = [];
  for (const file of files) if (existsSync(file)) methods.push(await readJson(file));
  const known = METRICS.filter(({ name }) => methods.some(({ scores }) => scores[name] !== null));
  return {
    kind: 'comparison',
    ...{ target: target.name, label, model, methods, versions: config.versions },
    clip: await readJson<ClipDocument>(join(folder, 'clip.json')),
    metrics: known.map(({ name, title, better }) => ({ name, title, better })),
  };
}

function folderName({ model, sample }: ClipName): string {
  return `clips/${model.replace(/[^\w.-]+/g, '-')}/${sample}`;
}

function folderOf(out: string, name: ClipName): string {
  return join(out, folderName(name));
}

function maskFile({ methods }: BenchConfig, label: string, area: number | null): string {
  return `${methods.findIndex((method) => method.label === label)}-${area ?? 'map'}.json`;
}

async function writeJson(path: string, content: object): Promise<void> {
  await writeAtomically(path, (temporary) => writeFile(temporary, JSON.stringify(content)));
}

async function readJson<Content>(path: string): Promise<Content> {
  return JSON.parse(await readFile(path, 'utf8')) as Content;
}
