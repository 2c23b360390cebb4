import { join } from 'node:path';
import { z } from 'zod';
import { CLIP_EXTENSIONS } from '../../clip/extensions';
import { packageRoot } from '../../package/cache';
import type { ClipReference, OfferedClip } from '../api';
import { Refusal } from '../http/problem';
import type { Uploads } from '../uploads/uploads';
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
  z.strictObject({ kind: z.literal('synthetic'), id: z.string().regex(/^synthetic-\d{1,9}-\d{1,6}$/) }),
]);

/** The same, and which of its frames. */
export const clipChoiceSchema = z.strictObject({
  source: clipSourceSchema,
  start: frame.optional(),
  end: frame.optional(),
});

/** Where a clip is: a file, or a sample of a data set. */
export type LocatedClip = { path: string } | { data: string; sample: string };

/** The clips that the page can pick. */
export class ClipLibrary {
  constructor(
    private readonly folder: string | undefined,
    private readonly uploads: Uploads,
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

  /** @throws Refusal 403 and 404 for a path that is not in the folder */
  async locate(source: ClipReference): Promise<LocatedClip> {
    switch (source.kind) {
      case 'sample':
        return { path: join(packageRoot(), 'models', 'sample.mp4') };
      case 'upload':
        return { path: this.uploads.pathOf(source.id, 'clip') };
      case 'synthetic':
        return { data: 'synthetic', sample: source.id };
      case 'folder':
        return { path: await insideFolder(requireFolder(this.folder), source.path) };
    }
  }
}

function requireFolder(folder: string | undefined): string {
  if (folder !== undefined) return folder;
  throw new Refusal(403, 'The studio was given no folder of clips.', 'Start it with --clips FOLDER.');
}
