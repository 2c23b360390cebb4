import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { FepError, messageOf } from '../../errors/fepError';

/** A running program. */
export interface Running {
  process: ChildProcessWithoutNullStreams;
  /** Resolves with the exit code, null if it was killed, and the start of its error output. */
  ended: Promise<{ code: number | null; complaint: string }>;
}

const MAX_STDERR = 4000;

/**
 * Starts `ffmpeg` or `ffprobe` from PATH, without a shell.
 *
 * @throws FepError `FEP_DECODER_MISSING` (through `ended`) if there is no such program
 */
export function start(program: 'ffmpeg' | 'ffprobe', args: string[], signal?: AbortSignal): Running {
  const child = spawn(program, args, { stdio: 'pipe', windowsHide: true });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (complaint.length < MAX_STDERR) complaint += text;
  });
  child.stdin.on('error', () => {});
  const kill = () => child.kill('SIGKILL');
  signal?.addEventListener('abort', kill, { once: true });
  if (signal?.aborted) kill();
  const ended = new Promise<{ code: number | null; complaint: string }>((resolve, reject) => {
    child.on('error', (error) => reject(missing(program, error)));
    child.on('close', (code) => resolve({ code, complaint: complaint.trim() }));
  }).finally(() => signal?.removeEventListener('abort', kill));
  ended.catch(() => {});
  return { process: child, ended };
}

/** Runs a program to completion and returns its output. */
export async function output(program: 'ffmpeg' | 'ffprobe', args: string[], signal?: AbortSignal) {
  const running = start(program, args, signal);
  const chunks: Buffer[] = [];
  running.process.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  running.process.stdin.end();
  return { ...(await running.ended), text: Buffer.concat(chunks).toString('utf8') };
}

function missing(program: string, error: unknown): FepError {
  return new FepError('FEP_DECODER_MISSING', `${program} could not be started: ${messageOf(error)}`, {
    cause: error,
    hint: 'Install the optional package node-av (npm install node-av), or ffmpeg with ffprobe on PATH.',
  });
}
