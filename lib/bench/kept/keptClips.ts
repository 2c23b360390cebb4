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

/** What belongs together: a sample as one model saw it. */
export type ClipName = Pick<BenchRecord, 'model' | 'sample' | 'place'>;

/** What is kept of a mask. */
export interface KeptMask {
  clip: AnnotatedClip;
  method: BenchMethodConfig;
  mask: EvaluatedMask;
}

/** The page of a clip, relative to the bench's folder. */
export function pageOf(name: ClipName): string {
  return `${folderName(name)}.html`;
}

/**
 * Keeps a mask below `clips/` of a bench's folder, where `writeClipPage` finds it.
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
  const document = comparedDocument(mask, {
    predicted: { name: predicted.name, probability: predicted.probability },
    energy: [],
    config: { ...method.options, ...details },
  });
  await writeJson(join(folder, maskFile(config, method.label, area)), document);
}

/**
 * Makes the page of a clip of which every mask was kept.
 *
 * @returns whether there is one now
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
 * Copies what one bench's folder keeps of a clip into another's.
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

/** Lets go of what is kept of some clips; of those whose masks are still wanted, only of the page. */
export async function dropKept(out: string, clips: Iterable<ClipName>, what: 'page' | 'all'): Promise<void> {
  const present = presentIn(out);
  for (const clip of clips) {
    if (present.has(pageOf(clip))) await rm(join(out, pageOf(clip)), { force: true });
    if (what === 'all' && present.has(folderName(clip)))
      await rm(join(out, folderName(clip)), { recursive: true, force: true });
  }
}

/** Removes what a bench that was killed left half written in its folder. */
export async function removeTorn(out: string): Promise<void> {
  await removeAbandoned(out);
  if (existsSync(join(out, CLIPS))) await removeAbandoned(join(out, CLIPS), { recursive: true });
}

/** Folders and pages of clips, relative to the bench's folder. */
function presentIn(out: string): Set<string> {
  const models = existsSync(join(out, CLIPS)) ? readdirSync(join(out, CLIPS), { withFileTypes: true }) : [];
  const clips = models
    .filter((model) => model.isDirectory())
    .flatMap(({ name }) => readdirSync(join(out, CLIPS, name)).map((clip) => `${CLIPS}/${name}/${clip}`));
  return new Set(clips);
}

const CLIPS = 'clips';
const CLIP_FILE = 'clip.json';

/** The place makes it unique, the name is for people; ids of samples may have signs that no file or address has. */
function folderName({ model, sample, place }: ClipName): string {
  return `${CLIPS}/${forFile(model)}/${place}-${forFile(sample)}`;
}

function forFile(name: string): string {
  return name.replace(/[^\w.-]+/g, '-').slice(0, 100);
}

/** Of the clip itself and of each of its masks, by method and budget. */
function filesOf({ records }: BenchClip, config: BenchConfig): string[] {
  const places = config.methods.map(({ label }) => records.find(({ method }) => method === label));
  const masks = places.flatMap((record) =>
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
