import { collectFrames } from '../../clip/collect';
import { scalePicture } from '../../clip/resize';
import type { Picture } from '../../frames/picture';
import { frameSprite } from '../../report/page/pack';
import { clipProblem } from './clipProblem';
import type { HostCalls } from './messages';

/** As many pictures as a wide window has room for. */
const COUNT = 24;
const HEIGHT = 64;
const WIDEST = 160;

/** Small pictures of a clip's frames. The clip is decoded here, since a damaged one may end the process that does it. */
export async function filmstripCall({
  path,
}: HostCalls['filmstrip']['ask']): Promise<HostCalls['filmstrip']['answer']> {
  const selection = { sampling: { type: 'uniform' as const }, frames: COUNT };
  const collected = await collectFrames(path, selection, small, {}).catch((error: unknown) => {
    throw clipProblem(error, path);
  });
  const { data, indices, height, width, frames, fps } = collected;
  const pictures = await frameSprite(data, { frames: indices.length, height, width });
  return { pictures, count: indices.length, height, width, frames, fps };
}

function small(picture: Picture): Picture {
  const width = Math.round((HEIGHT * picture.width) / picture.height);
  return scalePicture(picture, HEIGHT, Math.min(Math.max(width, 1), WIDEST));
}
