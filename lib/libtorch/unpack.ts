import { createWriteStream } from 'node:fs';
import { mkdir, statfs, symlink } from 'node:fs/promises';
import { dirname, isAbsolute, join, normalize } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type yauzl from 'yauzl';
import { FepError } from '../errors/fepError';
import { type Archive, damaged } from './archive';
import type { ArchiveLayout } from './archiveLayout';

/** A shared library of any operating system: `libcufft.so.12`, `libc10.dylib`, `c10.dll`. */
const LIBRARY = /\.(so|dylib|dll)(\.|$)/;

export interface UnpackOptions {
  signal?: AbortSignal | undefined;
  onProgress?: ((done: number, total: number) => void) | undefined;
}

/** Extracts the files of a layout into an empty folder and flushes the libraries to disk. */
export async function unpack(
  archive: Archive,
  layout: ArchiveLayout,
  root: string,
  options: UnpackOptions = {},
): Promise<void> {
  await mkdir(root, { recursive: true });
  await refuseFullDisk(root, layout.bytes);
  const links: ArchiveLayout['files'] = [];
  const made = new Set<string>();
  let done = 0;
  for (const file of layout.files) {
    options.signal?.throwIfAborted();
    refuseEscape(archive.path, file.path);
    if (isSymlink(file.entry)) links.push(file);
    else await writeFile(archive, file.entry, join(root, file.path), made, options.signal);
    done += file.entry.uncompressedSize;
    options.onProgress?.(done, layout.bytes);
  }
  for (const link of links) await writeLink(archive, link, root);
}

async function writeFile(
  archive: Archive,
  entry: yauzl.Entry,
  path: string,
  made: Set<string>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const folder = dirname(path);
  if (!made.has(folder)) await mkdir(folder, { recursive: true });
  made.add(folder);
  const isLibrary = LIBRARY.test(path);
  const executable = (modeOf(entry) & 0o111) !== 0 || isLibrary;
  // 'wx' rejects archives that contain a file twice. The many headers are not flushed.
  const target = createWriteStream(path, {
    flags: 'wx',
    mode: executable ? 0o755 : 0o644,
    ...(isLibrary && { flush: true }),
  });
  try {
    await pipeline(await archive.stream(entry), target, { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw isFileSystemError(error) ? error : damaged(archive.path, error);
  }
}

/** Links are written last, so that no file can be written through one. */
async function writeLink(
  archive: Archive,
  link: ArchiveLayout['files'][number],
  root: string,
): Promise<void> {
  const target = (await archive.text(link.entry)).trim();
  refuseEscape(archive.path, isAbsolute(target) ? target : join(dirname(link.path), target));
  await mkdir(dirname(join(root, link.path)), { recursive: true });
  await symlink(target, join(root, link.path));
}

function refuseEscape(archive: string, path: string): void {
  if (!isAbsolute(path) && !normalize(path).startsWith('..')) return;
  throw new FepError('FEP_DOWNLOAD', `${archive} holds ${path}, which would land outside its folder.`, {
    hint: 'Do not use this archive; nothing was installed.',
  });
}

async function refuseFullDisk(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize > bytes) return;
  const megabytes = (size: number) => `${Math.ceil(size / 1e6)} MB`;
  throw new FepError(
    'FEP_IO',
    `${folder} has ${megabytes(bavail * bsize)} free, libtorch needs ${megabytes(bytes)}.`,
    { hint: 'Make room, or set FEP_CACHE to a folder on a larger disk.' },
  );
}

function isSymlink(entry: yauzl.Entry): boolean {
  return (modeOf(entry) & 0o170000) === 0o120000;
}

function modeOf(entry: yauzl.Entry): number {
  return entry.externalFileAttributes >>> 16;
}

function isFileSystemError(error: unknown): boolean {
  return (
    error instanceof Error &&
    ['open', 'write', 'fsync'].includes((error as NodeJS.ErrnoException).syscall ?? '')
  );
}
