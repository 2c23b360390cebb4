import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchResults } from '../run/results';
import type { BenchConfig } from '../settings/config';
import { keepClipsIn } from '../settings/keepClips';
import { type ClipName, dropKept, pageOf, writeClipPage } from './keptClips';
import { clipsOf, selectClips } from './selectClips';

/** The path of a clip's page, relative to the bench's folder; undefined if its masks were not kept. */
export type PageOf = (clip: ClipName) => string | undefined;

/**
 * Writes a page for every selected clip whose masks were all kept, and deletes the kept files of the others. The result
 * does not depend on how the bench was interrupted or sharded.
 *
 * @throws FepError `FEP_IO`
 */
export async function writeKeptPages(
  folder: string,
  { records, failures }: BenchResults,
  config: BenchConfig,
): Promise<PageOf> {
  const clips = clipsOf(records);
  const selected = selectClips(clips, config, (await keepClipsIn(folder)) ?? 0);
  const pages = new Set<string>();
  for (const clip of selected) if (await writeClipPage(folder, clip, config)) pages.add(pageOf(clip));
  const others = clips.filter((clip) => !selected.has(clip));
  // A failed item may succeed in the next run, which can change the selection, so the masks are kept until then.
  await dropKept(folder, others, failures.length > 0 ? 'page' : 'all');
  return (clip) => (pages.has(pageOf(clip)) ? pageOf(clip) : undefined);
}

/** Looks up the pages that exist in a bench's folder. */
export function keptPageIn(folder: string): PageOf {
  return (clip) => (existsSync(join(folder, pageOf(clip))) ? pageOf(clip) : undefined);
}
