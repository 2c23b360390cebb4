import { stat } from 'node:fs/promises';
import type { FilmstripAnswer } from '../api';
import { Refusal } from '../http/problem';
import { Remembered } from '../remembered';
import type { LocatedClip } from './clipLibrary';

/** Each is some ten kilobytes. */
const MOST = 32;

/** The film strips of clips, each decoded once as long as its file stays what it is. */
export class Filmstrips {
  private readonly known = new Remembered<FilmstripAnswer>(MOST);

  /** @throws Refusal 400 for a clip that is no file, and cannot be trimmed either; 404 */
  async get(clip: LocatedClip, make: (path: string) => Promise<FilmstripAnswer>): Promise<FilmstripAnswer> {
    if (!('path' in clip))
      throw new Refusal(400, 'A sample of a data set is shown whole.', 'Ask for the film strip of a file.');
    const { path } = clip;
    const { size, mtimeMs } = await stat(path).catch(() => {
      throw new Refusal(404, 'The file of the clip is gone.', 'Choose another clip.');
    });
    return this.known.get(JSON.stringify([path, size, mtimeMs]), () => make(path));
  }
}
