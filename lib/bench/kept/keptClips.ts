import { existsSync, readdirSync } from 'node:fs';
import { copyFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AnnotatedClip } from '../../datasets/types';
import { comparedDocument, documentOfMasks } from '../../evaluate/document';
import type { EvaluatedMask } from '../../evaluate/types';
import { removeAbandoned, writeAtomically } from '../../files/atomicFile';
import { clipDocument } from '../../report/page/clipDocument';
import type { ClipDocument, ComparedDocument } from '../../report/page/document';
import { pageHtml } from '../../report/page/pageHtml';
import type { BenchRecord } from '../run/record';
import type { BenchConfig, BenchMethodConfig } from '../settings/config';
import type { BenchClip } from './selectClips';

/** Identifies a clip of a bench: a sample on one model. */
export type ClipName = Pick<BenchRecord, 'model' | 'sample' | 'place'>;

/** A mask to keep, with its context. */
export interface KeptMask {
  clip: AnnotatedClip;
  method: BenchMethodConfig;
  mask: EvaluatedMask;
}

/** Path of a clip's page, relative to the bench's folder. */
export function pageOf(name: ClipName): string {
  return `${folderName(name)}.html`;
}

/**
 * Stores a mask under `clips/` in the bench's folder, for `writeClipPage`.
 *
 * @throws FepError `FEP_IO`
 */
export async function keepMask(
  out: string,
  name: ClipName,
  config: BenchConfig,
  { clip, method, mask }: KeptMask,
): Promise<void> {
  const folder = join(out, folderName(name));
  const clipFile = join(folder, CLIP_FILE);
  if (!existsSync(clipFile)) await writeJson(clipFile, await clipDocument(clip.clip, clip.boxes));
  const { area, predicted, details } = mask.explanation;
  const document = await comparedDocument(mask, clip.clip, {
    predicted: { name: predicted.name, probability: predicted.probability },
    energy: [],
    config: { ...method.options, ...details },
  });
  await writeJson(join(folder, maskFile(config, method.label, area)), document);
}

/**
 * Writes the page of a clip if all of its masks were kept.
 *
 * @returns whether the page was written
 * @throws FepError `FEP_IO`
 */
export async function writeClipPage(out: string, clip: BenchClip, config: BenchConfig): Promise<boolean> {
  const files = filesOf(clip, config).map((name) => join(out, folderName(clip), name));
  if (!files.every((file) => existsSync(file))) return false;
  const [{ target, label }] = clip.records as [BenchRecord];
  const [clipFile, ...maskFiles] = files as [string, ...string[]];
  const methods = await Promise.all(maskFiles.map((file) => readJson<ComparedDocument>(file)));
  const document = documentOfMasks({
    target: target.name,
    label,
    model: clip.model,
    methods,
    versions: config.versions,
    clip: await readJson<ClipDocument>(clipFile),
  });
  const html = pageHtml(`${clip.sample} · ${target.name}`, document);
  await writeAtomically(join(out, pageOf(clip)), (temporary) => writeFile(temporary, html));
  return true;
}

/**
 * Copies the kept files of a clip from one bench's folder to another.
 *
 * @throws FepError `FEP_IO`
 */
export async function copyKept(
  from: string,
  to: string,
  clip: BenchClip,
  config: BenchConfig,
): Promise<void> {
  for (const name of filesOf(clip, config)) {
    const file = join(from, folderName(clip), name);
    if (!existsSync(file)) continue;
    await writeAtomically(join(to, folderName(clip), name), (temporary) => copyFile(file, temporary));
  }
}

/** Deletes the kept files of some clips, or only their pages. */
export async function dropKept(out: string, clips: Iterable<ClipName>, what: 'page' | 'all'): Promise<void> {
  const present = keptPathsIn(out);
  for (const clip of clips) {
    if (present.has(pageOf(clip))) await rm(join(out, pageOf(clip)), { force: true });
    if (what === 'all' && present.has(folderName(clip)))
      await rm(join(out, folderName(clip)), { recursive: true, force: true });
  }
}

/** Removes the temporary files that a killed bench left in its folder. */
export async function removeTorn(out: string): Promise<void> {
  await removeAbandoned(out);
  if (existsSync(join(out, CLIPS))) await removeAbandoned(join(out, CLIPS), { recursive: true });
}

/** Existing folders and pages of clips, relative to the bench's folder. */
function keptPathsIn(out: string): Set<string> {
  const models = existsSync(join(out, CLIPS)) ? readdirSync(join(out, CLIPS), { withFileTypes: true }) : [];
  const clips = models
    .filter((model) => model.isDirectory())
    .flatMap(({ name }) => readdirSync(join(out, CLIPS, name)).map((clip) => `${CLIPS}/${name}/${clip}`));
  return new Set(clips);
}

const CLIPS = 'clips';
const CLIP_FILE = 'clip.json';

/**
 * The place makes the name unique, the sample id makes it readable; characters unsafe in paths and URLs are replaced.
 */
function folderName({ model, sample, place }: ClipName): string {
  return `${CLIPS}/${forFile(model)}/${place}-${forFile(sample)}`;
}

function forFile(name: string): string {
  return name.replace(/[^\w.-]+/g, '-').slice(0, 100);
}

/** File names of the clip itself and of each of its masks, by method and budget. */
function filesOf({ records }: BenchClip, config: BenchConfig): string[] {
  const ordered = config.methods.map(({ label }) => records.find(({ method }) => method === label));
  const masks = ordered.flatMap((record) =>
    (record?.masks ?? []).map(({ area }) => maskFile(config, record!.method, area)),
  );
  return [CLIP_FILE, ...masks];
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
