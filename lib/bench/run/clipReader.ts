import type { AnnotatedClip, Sample } from '../../datasets/types';
import type { VideoModel } from '../../model/videoModel';

/** Reads each clip once for all methods that come to it one after the other, or side by side with others. */
export class ClipReader {
  private readonly kept = new Map<string, Promise<AnnotatedClip>>();

  /** @param most how many clips to keep, the latest */
  constructor(
    private readonly signal: AbortSignal | undefined,
    private readonly most = 1,
  ) {}

  /** @throws FepError what reading the clip throws, each time */
  read({ manifest }: VideoModel, sample: Sample): Promise<AnnotatedClip> {
    const key = JSON.stringify([manifest.name, sample.id]);
    const known = this.kept.get(key);
    if (known) return known;
    const clip = sample.read(manifest.input, this.signal ? { signal: this.signal } : {});
    if (this.kept.size === this.most) this.kept.delete(this.kept.keys().next().value!);
    this.kept.set(key, clip);
    return clip;
  }
}
