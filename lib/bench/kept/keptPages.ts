import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchResults } from '../run/results';
import type { BenchConfig } from '../settings/config';
import { keepClipsIn } from '../settings/keepClips';
import { type ClipName, dropKept, pageOf, writeClipPage } from './keptClips';
import { clipsOf, selectClips } from './selectClips';

/** The page that shows a clip, where its masks were kept; relative to the bench's folder. */
export type PageOf = (clip: ClipName) => string | undefined;

/**
 * Makes a page of every clip that is worth it and of which all masks were kept, and lets go of the others. What a bench
 * ends up with does not depend on where it was interrupted or divided.
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
  // An item that failed may succeed the next time, and then others may be worth it.
  await dropKept(folder, others, failures.length > 0 ? 'page' : 'all');
  return (clip) => (pages.has(pageOf(clip)) ? pageOf(clip) : undefined);
}

/** The pages that are in a bench's folder. */
export function keptPageIn(folder: string): PageOf {
  return (clip) => (existsSync(join(folder, pageOf(clip))) ? pageOf(clip) : undefined);
}
