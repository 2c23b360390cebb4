import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { userCacheDir } from '../package/cache';

/** Binaries to try in a child process. */
export interface ProbeRequest {
  /** The loader addon, which opens the libraries. */
  loader: string;
  /** Absolute paths, dependencies first. */
  libraries: readonly string[];
  /** An addon to load after them. */
  addon?: string;
  /** Files that the addon loads itself: when they change, the probe is repeated. */
  companions?: readonly string[];
}

export interface ProbeOptions {
  env?: NodeJS.ProcessEnv;
  /** Timeout for loading, in milliseconds. Default 120000. */
  timeoutMs?: number;
}

/**
 * Loads binaries in a child process, since a damaged one can kill the process that loads it. A success is cached by
 * the sizes and modification times of the files, so only the first start pays for it.
 *
 * @returns why they cannot be loaded; undefined if they can
 */
export function probe(request: ProbeRequest, options: ProbeOptions = {}): string | undefined {
  const stamp = stampOf(request, options.env ?? process.env);
  if (existsSync(stamp)) return undefined;
  const problem = loadInChild(request, options);
  if (problem === undefined) leaveStamp(stamp);
  return problem;
}

function loadInChild(
  request: ProbeRequest,
  { env = process.env, timeoutMs = 120_000 }: ProbeOptions,
): string | undefined {
  const { NODE_OPTIONS: _, ...inherited } = env;
  const child = spawnSync(process.execPath, [join(__dirname, 'probeChild.js'), JSON.stringify(request)], {
    encoding: 'utf8',
    env: { ...inherited, ELECTRON_RUN_AS_NODE: '1' },
    timeout: timeoutMs,
  });
  if (child.status === 0) return undefined;
  if (child.error && 'code' in child.error && child.error.code === 'ETIMEDOUT') {
    return `loading it took longer than ${timeoutMs / 1000} s`;
  }
  if (child.error) return child.error.message;
  if (child.signal)
    return `loading it crashed (${child.signal}): the file is damaged or does not fit this machine`;
  return (
    child.stdout.trim() || child.stderr.trim() || `the process that loaded it ended with ${child.status}`
  );
}

function stampOf(request: ProbeRequest, env: NodeJS.ProcessEnv): string {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}`);
  for (const path of [request.loader, ...request.libraries, request.addon, ...(request.companions ?? [])]) {
    if (path === undefined) continue;
    const found = statSync(path, { throwIfNoEntry: false });
    hash.update(`\n${path} ${found?.size} ${found?.mtimeMs}`);
  }
  return join(userCacheDir(env), 'probed', hash.digest('hex').slice(0, 32));
}

/** A read-only cache costs a second per start but is not an error. */
function leaveStamp(path: string): void {
  try {
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, '');
  } catch {}
}
