import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Check, DoctorOptions } from './check';

/** A video decoder: node-av, or an ffmpeg on PATH. */
export function checkDecoder({ env = process.env }: DoctorOptions = {}): Check {
  const name = 'video decoder';
  const nodeAv = nodeAvVersion();
  const ffmpeg = ffmpegVersion(env);
  if (nodeAv) return { name, status: 'ok', detail: `node-av ${nodeAv}${ffmpeg ? `, ffmpeg ${ffmpeg}` : ''}` };
  if (ffmpeg) return { name, status: 'ok', detail: `ffmpeg ${ffmpeg} on PATH` };
  const detail = 'neither node-av nor an ffmpeg on PATH; GIF, picture folders and .npy can be read';
  return { name, status: 'warn', detail, fix: 'npm install node-av, or install ffmpeg.' };
}

/** The installed version. Its package.json is not exported, so its path is derived from the entry point. */
function nodeAvVersion(): string | undefined {
  try {
    const entry = require.resolve('node-av');
    const root = entry.slice(0, entry.lastIndexOf('node-av') + 'node-av'.length);
    return (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version;
  } catch {
    return undefined;
  }
}

function ffmpegVersion(env: NodeJS.ProcessEnv): string | undefined {
  const run = spawnSync('ffmpeg', ['-version'], { encoding: 'utf8', env, timeout: 10_000 });
  return run.status === 0 ? (/version (\S+)/.exec(run.stdout)?.[1] ?? 'of unknown version') : undefined;
}
