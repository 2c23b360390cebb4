import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { userCacheDir } from '../package/cache';

/** Binaries to try out. */
export interface ProbeRequest {
  /** The small addon that opens the libraries. */
  loader: string;
  /** Absolute paths, each after those it depends on. */
  libraries: readonly string[];
  /** An addon to load after them. */
  addon?: string;
  /** Files that the addon loads by itself: a success is forgotten when they change. */
  companions?: readonly string[];
}

export interface ProbeOptions {
  env?: NodeJS.ProcessEnv;
  /** How long loading may take. Default 120000. */
  timeoutMs?: number;
}

/**
 * Loads binaries in a child process first: a damaged one can kill the process that loads it, and an error
 * message is all that should ever be seen of it. A success is remembered by the files' sizes and times, so that
 * only the first start pays.
 *
 * @returns why they cannot be loaded, or undefined if they can
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

/** A cache that cannot be written to costs a second per start, and is no reason to fail. */
function leaveStamp(path: string): void {
  try {
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, '');
  } catch {}
}
