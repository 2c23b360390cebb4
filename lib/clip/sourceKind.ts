import { open, stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { FepError, messageOf } from '../errors/fepError';

export type SourceKind = 'folder' | 'animation' | 'array' | 'video';

/**
 * Detects what a path is, by its first bytes: a folder of pictures, a GIF or WebP, a NumPy array; anything else is
 * left to the video decoder.
 *
 * @throws FepError `FEP_CLIP_NOT_FOUND`, `FEP_CLIP_DECODE` if it is neither file nor folder, or is empty
 */
export async function sourceKind(path: string): Promise<SourceKind> {
  const stats = await stat(path).catch((error: unknown) => {
    throw new FepError('FEP_CLIP_NOT_FOUND', `There is no clip at ${path}.`, {
      cause: error,
      hint: 'Check the path; it is taken relative to the current folder.',
    });
  });
  if (stats.isDirectory()) return 'folder';
  if (!stats.isFile()) throw new FepError('FEP_CLIP_DECODE', `${path} is neither a file nor a folder.`);
  if (stats.size === 0) throw new FepError('FEP_CLIP_DECODE', `${path} is empty.`);
  const head = await firstBytes(path);
  if (head.startsWith('\x93NUMPY') || extname(path).toLowerCase() === '.npy') return 'array';
  if (head.startsWith('GIF8') || (head.startsWith('RIFF') && head.slice(8, 12) === 'WEBP'))
    return 'animation';
  return 'video';
}

async function firstBytes(path: string): Promise<string> {
  try {
    const file = await open(path, 'r');
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(16), 0, 16, 0);
      return buffer.toString('latin1', 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw new FepError('FEP_CLIP_DECODE', `${path} could not be read: ${messageOf(error)}`, { cause: error });
  }
}
