import type { UploadState } from '../../../studio/api';
import { ask, ProblemError, send } from './client';

const PIECE = 4 * 2 ** 20;
const TRIES = 10;
const PAUSE_MS = 2000;

/** Sends a file in pieces; after a break it goes on where the server says. */
export async function upload(
  file: File,
  kind: 'clip' | 'model',
  onProgress: (share: number) => void,
): Promise<UploadState> {
  let state = await send<UploadState>('POST', '/api/uploads', { kind, name: file.name, size: file.size });
  let tries = TRIES;
  while (!state.done) {
    try {
      state = await sendPiece(state, file);
      tries = TRIES;
    } catch (error) {
      if (--tries === 0 || !isBreak(error)) throw error;
      await new Promise((resume) => setTimeout(resume, PAUSE_MS));
      state = await ask<UploadState>(`/api/uploads/${state.id}`).catch(() => state); // the next piece finds out
    }
    onProgress(state.offset / file.size);
  }
  return state;
}

function sendPiece({ id, offset }: UploadState, file: File): Promise<UploadState> {
  const headers = { 'content-type': 'application/octet-stream', 'upload-offset': String(offset) };
  const body = file.slice(offset, offset + PIECE);
  return ask<UploadState>(`/api/uploads/${id}`, { method: 'PATCH', headers, body });
}

/** Whether the line broke, or the server has more or less of the file than was thought, rather than the file being refused. */
function isBreak(error: unknown): boolean {
  return error instanceof ProblemError && (error.problem.code === 'FEP_IO' || error.status === 409);
}
