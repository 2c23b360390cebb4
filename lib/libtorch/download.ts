import { createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { FepError, messageOf } from '../errors/fepError';

const ATTEMPTS = 4;

export interface DownloadOptions {
  signal?: AbortSignal | undefined;
  onProgress?: ((done: number, total: number | undefined) => void) | undefined;
  /** Timeout in milliseconds for the host to answer. Default 8000. */
  connectMs?: number | undefined;
  /** Timeout in milliseconds without any data. Default 30000. */
  stallMs?: number | undefined;
}

/** The host did not answer or does not have the file; another source may. */
export class Unreachable extends Error {}

/**
 * Downloads a file and resumes after interruptions, in up to 4 attempts.
 *
 * @throws Unreachable if the first attempt gets no answer or an HTTP error; FEP_DOWNLOAD if every attempt was
 *   interrupted
 */
export async function download(url: string, path: string, options: DownloadOptions = {}): Promise<void> {
  let last: unknown;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    try {
      return await downloadOnce(url, path, options);
    } catch (error) {
      options.signal?.throwIfAborted();
      if (error instanceof Unreachable && attempt === 0) throw error;
      if (error instanceof FepError || isDiskError(error)) throw error;
      last = error;
    }
  }
  throw new FepError('FEP_DOWNLOAD', `${url} broke off ${ATTEMPTS} times: ${messageOf(last)}.`, {
    hint: 'Try again, or download it by other means and use --from FILE.',
    cause: last,
  });
}

async function downloadOnce(url: string, path: string, options: DownloadOptions): Promise<void> {
  const have = await sizeOf(path);
  const stop = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, stop.signal]) : stop.signal;
  const watch = watchdog(() => stop.abort(new Error('no data was received for a while')));
  try {
    watch.reset(options.connectMs ?? 8_000);
    const response = await request(url, have, signal);
    const resumed = response.status === 206;
    const total = totalOf(response, resumed ? have : 0);
    let done = resumed ? have : 0;
    const count = new Transform({
      transform(chunk: Buffer, _encoding, next) {
        watch.reset(options.stallMs ?? 30_000);
        done += chunk.length;
        options.onProgress?.(done, total);
        next(null, chunk);
      },
    });
    const body = Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]);
    await pipeline(body, count, createWriteStream(path, { flags: resumed ? 'a' : 'w' }), { signal });
    if (total !== undefined && done !== total) throw new Error(`received ${done} of ${total} bytes`);
  } finally {
    watch.stop();
  }
}

async function request(url: string, have: number, signal: AbortSignal): Promise<Response> {
  const headers: Record<string, string> = have > 0 ? { range: `bytes=${have}-` } : {};
  const response = await fetch(url, { headers, signal }).catch((error: Error) => {
    throw new Unreachable(messageOf(signal.aborted ? signal.reason : (error.cause ?? error)), {
      cause: error,
    });
  });
  if (!response.ok || !response.body) {
    await response.body?.cancel();
    throw new Unreachable(`the server answered ${response.status} ${response.statusText}`.trim());
  }
  return response;
}

function totalOf(response: Response, before: number): number | undefined {
  const length = response.headers.get('content-length');
  const encoded = response.headers.get('content-encoding') !== null;
  return length === null || encoded ? undefined : before + Number(length);
}

function watchdog(onTimeout: () => void) {
  let timer: NodeJS.Timeout | undefined;
  const stop = () => clearTimeout(timer);
  const reset = (ms: number) => {
    stop();
    timer = setTimeout(onTimeout, ms);
  };
  return { reset, stop };
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0;
}

function isDiskError(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EIO'].includes(
    (error as NodeJS.ErrnoException)?.code ?? '',
  );
}
