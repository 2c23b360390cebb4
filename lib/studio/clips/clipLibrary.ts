import { readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { z } from 'zod';
import { CLIP_EXTENSIONS } from '../../clip/extensions';
import { packageRoot } from '../../package/cache';
import type { ClipChoice, ClipReference, OfferedClip } from '../api';
import { Refusal } from '../http/problem';
import { refusePlaylist } from '../uploads/refusePlaylist';
import type { Uploads } from '../uploads/uploads';
import type { DataLibrary, LocatedSample } from './dataLibrary';
import { insideFolder } from './insideFolder';
import { listFolder } from './listFolder';

/** Samples of the synthetic data set that the picker offers. */
const SYNTHETIC = Array.from({ length: 8 }, (_, i) => `synthetic-2-${i}`);

const frame = z.number().int().min(0).max(10_000_000);

/** What the page may name as a clip. */
export const clipSourceSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('sample') }),
  z.strictObject({ kind: z.literal('upload'), id: z.string().max(64) }),
  z.strictObject({ kind: z.literal('folder'), path: z.string().min(1).max(1000) }),
  z.strictObject({ kind: z.literal('synthetic'), id: z.string().regex(/^synthetic-\d{1,9}-\d{1,3}$/) }),
  z.strictObject({
    kind: z.literal('data'),
    set: z.string().min(1).max(200),
    sample: z.string().min(1).max(1000),
  }),
]);

/** The same, and which of its frames. */
export const clipChoiceSchema = z
  .strictObject({ source: clipSourceSchema, start: frame.optional(), end: frame.optional() })
  .refine(({ start = 0, end = Infinity }) => start < end, 'the end must come after the start');

/** Where a clip is: a file, or a sample of a data set. */
export type LocatedClip = { path: string } | LocatedSample;

/** A clip, and which of its frames, as a model's process reads it. */
export interface HostClip {
  where: LocatedClip;
  start?: number | undefined;
  end?: number | undefined;
}

/** The clips that the page can pick. */
export class ClipLibrary {
  constructor(
    private readonly folder: string | undefined,
    private readonly uploads: Uploads,
    private readonly data: DataLibrary,
  ) {}

  async list(): Promise<OfferedClip[]> {
    const paths = this.folder === undefined ? [] : await listFolder(this.folder, CLIP_EXTENSIONS);
    return [
      { source: { kind: 'sample' }, name: 'Sample clip' },
      ...paths.map((path): OfferedClip => ({ source: { kind: 'folder', path }, name: path })),
      ...this.uploads
        .finished('clip')
        .map(({ id, name }): OfferedClip => ({ source: { kind: 'upload', id }, name })),
      ...SYNTHETIC.map((id): OfferedClip => ({ source: { kind: 'synthetic', id }, name: id })),
    ];
  }

  /** The same of a clip with its range, as a model's process reads it. */
  async locateChoice({ source, start, end }: ClipChoice): Promise<HostClip> {
    return { where: await this.locate(source), start, end };
  }

  /** @throws Refusal 403 and 404 for a path that is not in the folder, 404 for a sample that is not listed */
  async locate(source: ClipReference): Promise<LocatedClip> {
    switch (source.kind) {
      case 'sample':
        return { path: join(packageRoot(), 'models', 'sample.mp4') };
      case 'upload':
        return { path: this.uploads.pathOf(source.id, 'clip') };
      case 'synthetic':
        return { data: 'synthetic', sample: source.id };
      case 'data':
        return this.data.locate(source.set, source.sample);
      case 'folder':
        return { path: await clipInside(requireFolder(this.folder), source.path) };
    }
  }
}

/** A file that the list shows, or a folder of frames; neither may lead to what is outside. */
async function clipInside(folder: string, path: string): Promise<string> {
  const found = await insideFolder(folder, path);
  if ((await stat(found)).isDirectory()) {
    const entries = await readdir(found, { withFileTypes: true });
    const links = entries.filter((entry) => entry.isSymbolicLink()); // nothing else leads outside
    for (const { name } of links) await insideFolder(folder, join(path, name));
    return found;
  }
  if (!CLIP_EXTENSIONS.some((extension) => extension === extname(found).toLowerCase())) throw noClip(path);
  await refusePlaylist(found);
  return found;
}

function noClip(path: string): Refusal {
  return new Refusal(
    403,
    `${JSON.stringify(path.slice(0, 200))} is none of the clips of the folder.`,
    `Choose one of the list: ${CLIP_EXTENSIONS.join(', ')}.`,
  );
}

function requireFolder(folder: string | undefined): string {
  if (folder !== undefined) return folder;
  throw new Refusal(403, 'The studio was given no folder of clips.', 'Start it with --clips FOLDER.');
}
