import { open } from 'node:fs/promises';
import { Refusal } from '../http/problem';

/** Texts that a decoder would follow to other files, or to other hosts. */
const PLAYLIST = /^\s*(?:#EXTM3U|ffconcat|<\?xml|<MPD|\[playlist\]|v=0\r?\n)/i;

/** @throws Refusal 415 */
export async function refusePlaylist(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(64), 0, 64, 0);
    if (!PLAYLIST.test(buffer.toString('latin1', 0, bytesRead))) return;
  } finally {
    await file.close();
  }
  throw new Refusal(415, 'The file is a playlist, which names other files.', 'Send the video itself.');
}
