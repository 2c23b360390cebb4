import type { ClipReference, FilmstripAnswer } from '../../../studio/api';
import { unpackFrames } from '../../data/unpack';
import { send } from './client';

/** Small pictures of a clip's frames, ready to draw. */
export interface Filmstrip extends Omit<FilmstripAnswer, 'pictures'> {
  pictures: ImageBitmap[];
}

/** @param model whose process decodes the clip */
export async function loadFilmstrip(source: ClipReference, model: string): Promise<Filmstrip> {
  const answer = await send<FilmstripAnswer>('POST', '/api/filmstrip', { source, model });
  const { pictures, ...about } = answer;
  return { ...about, pictures: await unpackFrames(pictures, { ...about, frames: about.count }) };
}
