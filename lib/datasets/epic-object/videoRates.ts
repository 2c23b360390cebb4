import type { ReadOptions } from '../../frames/readOptions';
import { videoRate } from '../../video/videoRate';

/** The rates of videos; each is looked at once, however many segments it has. */
export class VideoRates {
  private readonly known = new Map<string, Promise<number | undefined>>();

  /** @throws FepError as `videoRate` */
  of(path: string, options: ReadOptions = {}): Promise<number | undefined> {
    const known = this.known.get(path);
    if (known) return known;
    const rate = videoRate(path, options);
    this.known.set(path, rate);
    // Another try may have another decoder, or not be stopped.
    rate.catch(() => this.known.delete(path));
    return rate;
  }
}
