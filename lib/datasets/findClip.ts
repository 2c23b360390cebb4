import { existsSync, readdirSync } from 'node:fs';
import { join, parse } from 'node:path';

const VIDEOS = new Set(['.avi', '.mp4', '.mkv', '.mov', '.webm', '.m4v', '.mpg', '.mpeg']);

/** Finds clips by their name without extension; each folder is listed once. */
export class ClipFinder {
  private readonly listed = new Map<string, Map<string, string>>();

  /** The first of the folders' video files, or folders of frames, of that name. */
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
    for (const entry of existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : []) {
      const { name, ext } = parse(entry.name);
      if (VIDEOS.has(ext.toLowerCase())) clips.set(name, entry.name);
      else if (entry.isDirectory()) clips.set(entry.name, entry.name);
    }
    this.listed.set(folder, clips);
    return clips;
  }
}

/** The first of the folders that has a file of that name. */
export function findFile(name: string, folders: readonly string[]): string | undefined {
  return folders.map((folder) => join(folder, name)).find(existsSync);
}
