import { existsSync, readdirSync } from 'node:fs';
import { extname, join, parse } from 'node:path';
import { VIDEO_EXTENSIONS } from '../clip/extensions';

const VIDEOS = new Set<string>(VIDEO_EXTENSIONS);

/** Finds clips by name without extension; each folder is listed once. */
export class ClipFinder {
  private readonly listed = new Map<string, Map<string, string>>();

  /** The first video file or frame folder with that name. */
  find(name: string, folders: readonly string[]): string | undefined {
    for (const folder of folders) {
      const file = this.list(folder).get(name);
      if (file !== undefined) return join(folder, file);
    }
    return undefined;
  }

  private list(folder: string): Map<string, string> {
    const known = this.listed.get(folder);
    if (known) return known;
    const clips = new Map<string, string>();
    const entries = existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : [];
    const videos = entries.filter((entry) => !entry.isDirectory() && isVideo(entry.name));
    const folders = entries.filter((entry) => entry.isDirectory());
    for (const { name } of folders) clips.set(name, name);
    // Later entries win: videos over folders and, of several formats, the first by name.
    for (const file of videos
      .map(({ name }) => name)
      .sort()
      .reverse())
      clips.set(parse(file).name, file);
    this.listed.set(folder, clips);
    return clips;
  }
}

function isVideo(name: string): boolean {
  return VIDEOS.has(extname(name).toLowerCase());
}

/** The path of a file in the first folder that contains it. */
export function findFile(name: string, folders: readonly string[]): string | undefined {
  return folders.map((folder) => join(folder, name)).find(existsSync);
}
