import { mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { FepError, messageOf } from '../errors/fepError';
import { withLock } from '../files/lock';
import { renameOver } from '../files/renameOver';
import { discardName, makeStaging, removeStaleStaging } from '../files/staging';
import { projectCacheDir, userCacheDir } from '../package/cache';
import { PLATFORMS } from '../system/platforms';
import { openArchive } from './archive';
import { readArchiveLayout } from './archiveLayout';
import { archiveUrl } from './archiveUrl';
import { download, Unreachable } from './download';
import { downloadWheel } from './downloadWheel';
import { inspectLibtorch, type Libtorch } from './inspect';
import { makeReceipt, RECEIPT_FILE } from './receipt';
import { unpack } from './unpack';
import { LIBTORCH_VARIANTS, LIBTORCH_VERSION, type LibtorchVariant } from './version';

/** Progress of an install. */
export interface InstallProgress {
  stage: 'wait' | 'download' | 'wheel' | 'unpack';
  /** Bytes so far, if known. */
  done?: number;
  total?: number;
  /** A one-line message for the user. */
  message?: string;
}

/** What to install, from where, and into which cache. */
export interface InstallOptions {
  /** Default `cpu`. */
  variant?: LibtorchVariant;
  /** An official zip or a torch wheel on disk, to use instead of a download. */
  from?: string;
  /** The user's cache (default), the project's, or a folder. */
  into?: 'user' | 'project' | { folder: string };
  /** Reinstall even if a usable one is present. */
  force?: boolean;
  env?: NodeJS.ProcessEnv;
  signal?: AbortSignal;
  /** Called at each stage, and during it as data arrives. */
  onProgress?: (progress: InstallProgress) => void;
}

/** The libtorch that was installed or already present. */
export interface Installed extends Libtorch {
  /** Whether this call installed it; false if it was already there. */
  installed: boolean;
}

/**
 * Installs libtorch into a cache: from the official archive or, if its host is unreachable, from the `torch` wheel
 * that pip finds.
 *
 * All work happens in a temporary folder that is renamed when complete, so an incomplete install is never found and
 * any number of installs may run concurrently.
 */
export async function installLibtorch(options: InstallOptions = {}): Promise<Installed> {
  const variant = options.variant ?? 'cpu';
  if (!LIBTORCH_VARIANTS.includes(variant)) {
    throw new FepError(
      'FEP_USAGE',
      `There is no variant ${variant}; there are ${LIBTORCH_VARIANTS.join(', ')}.`,
    );
  }
  const folder = join(cacheFolder(options), 'libtorch');
  const target = join(folder, `${LIBTORCH_VERSION}-${variant}`);
  const mustInstall = options.force || options.from !== undefined;
  const present = inspectLibtorch(target);
  if (present.usable && !mustInstall) return { ...withoutFlag(present), installed: false };
  const lockFile = join(folder, `.${basename(target)}.lock`);
  const onWait = () => options.onProgress?.({ stage: 'wait', message: 'another install is running' });
  try {
    await mkdir(folder, { recursive: true });
    return await withLock(lockFile, () => installLocked(folder, target, variant, options), {
      signal: options.signal,
      onWait,
    });
  } catch (error) {
    throw asFepError(error, folder, options.signal);
  }
}

async function installLocked(
  folder: string,
  target: string,
  variant: LibtorchVariant,
  options: InstallOptions,
): Promise<Installed> {
  await removeStaleStaging(folder);
  const present = inspectLibtorch(target); // another install may have finished while this one waited
  if (present.usable && !options.force && options.from === undefined) {
    return { ...withoutFlag(present), installed: false };
  }
  const staging = await makeStaging(folder);
  try {
    const { path, source } = await fetchArchive(staging, variant, options);
    const root = join(staging, 'root');
    await unpackInto(root, path, source, variant, options);
    await moveIntoPlace(root, target);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
  const result = inspectLibtorch(target);
  if (!result.usable)
    throw new FepError('FEP_INTERNAL', `${target} ${result.reason} right after its install.`);
  return { ...withoutFlag(result), installed: true };
}

/** The archive on disk, and its source for the receipt. */
async function fetchArchive(
  staging: string,
  variant: LibtorchVariant,
  options: InstallOptions,
): Promise<{ path: string; source: string }> {
  const { signal, env } = options;
  if (options.from !== undefined) return { path: resolve(options.from), source: basename(options.from) };
  const url = archiveUrl(variant, env);
  if (url === undefined) throw noArchive(variant);
  const path = join(staging, 'libtorch.zip');
  try {
    const onProgress = (done: number, total: number | undefined) =>
      options.onProgress?.({ stage: 'download', done, ...(total !== undefined && { total }) });
    options.onProgress?.({ stage: 'download', message: url });
    await download(url, path, { signal, onProgress });
    return { path, source: url };
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    const reason = `${new URL(url).host} cannot be reached (${error.message})`;
    if (variant !== 'cpu') throw noCudaWheel(reason);
    options.onProgress?.({ stage: 'wheel', message: `${reason}; asking pip for torch ${LIBTORCH_VERSION}` });
    const wheel = await downloadWheel(staging, { signal, env });
    return { path: wheel, source: basename(wheel) };
  }
}

async function unpackInto(
  root: string,
  path: string,
  source: string,
  variant: LibtorchVariant,
  options: InstallOptions,
): Promise<void> {
  const archive = await openArchive(path);
  try {
    const layout = await readArchiveLayout(archive, variant);
    const onProgress = (done: number, total: number) =>
      options.onProgress?.({ stage: 'unpack', done, total });
    await unpack(archive, layout, root, { signal: options.signal, onProgress });
    const about = { version: layout.version, variant, source };
    await writeFlushed(join(root, 'build-version'), `${layout.version}+${variant}\n`);
    await writeFlushed(join(root, RECEIPT_FILE), `${JSON.stringify(makeReceipt(root, about), null, 1)}\n`);
  } finally {
    archive.close();
  }
  const found = inspectLibtorch(root);
  if (!found.usable)
    throw new FepError('FEP_DOWNLOAD', `The libtorch in ${path} cannot be used: it ${found.reason}.`);
}

/** Other installs may put theirs in place meanwhile, but not for ever. */
const MOST_MOVES = 10;

/** Renames a complete libtorch to its final name, replacing one that is already there. */
async function moveIntoPlace(root: string, target: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      // The first try does not wait: on Windows, what is at the target looks like a file in use.
      return await (attempt === 1 ? rename : renameOver)(root, target);
    } catch (error) {
      if (!isOccupied(error) || attempt === MOST_MOVES) throw error;
    }
    const discarded = discardName(join(target, '..'));
    await rename(target, discarded).catch(() => {}); // another install may have moved it first
    await rm(discarded, { recursive: true, force: true });
  }
}

/** Whether a rename failed because of what is at its target; Windows says no more than that it is not permitted. */
function isOccupied(error: unknown): boolean {
  const codes = [
    'EEXIST',
    'ENOTEMPTY',
    'ENOTDIR',
    ...(process.platform === 'win32' ? ['EPERM', 'EACCES'] : []),
  ];
  return codes.includes((error as NodeJS.ErrnoException).code ?? '');
}

async function writeFlushed(path: string, text: string): Promise<void> {
  await writeFile(path, text);
  const file = await open(path, 'r+');
  await file.sync();
  await file.close();
}

function cacheFolder(options: InstallOptions): string {
  if (typeof options.into === 'object') return resolve(options.into.folder);
  return options.into === 'project' ? projectCacheDir() : userCacheDir(options.env);
}

function noArchive(variant: LibtorchVariant): FepError {
  const platform = `${process.platform}-${process.arch}`;
  return new FepError('FEP_DOWNLOAD', `There is no official libtorch ${variant} for ${platform}.`, {
    hint:
      variant === 'cpu'
        ? `The platforms with one are ${PLATFORMS.join(', ')}; FEP_LIBTORCH names one that you built.`
        : 'Use --variant cpu.',
  });
}

function noCudaWheel(reason: string): FepError {
  return new FepError('FEP_DOWNLOAD', `${reason}, and torch's CUDA wheel lacks cuDNN and cuBLAS.`, {
    hint: 'Give the official CUDA archive with --from, or set FEP_LIBTORCH_PYTHON to a python with a CUDA torch.',
  });
}

function asFepError(error: unknown, folder: string, signal: AbortSignal | undefined): FepError {
  if (error instanceof FepError) return error;
  if (signal?.aborted)
    return new FepError('FEP_ABORTED', 'The install was stopped; nothing is left of it.', { cause: error });
  const code = (error as NodeJS.ErrnoException)?.code;
  const full = code === 'ENOSPC' || code === 'EDQUOT';
  const options = {
    hint: 'Set FEP_CACHE to a folder that can be written to and has 1 GB free.',
    cause: error,
  };
  return new FepError('FEP_IO', `${full ? 'The disk is full' : messageOf(error)} (in ${folder}).`, options);
}

function withoutFlag({ usable: _, ...libtorch }: { usable: true } & Libtorch): Libtorch {
  return libtorch;
}
