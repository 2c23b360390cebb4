import type { AnnotatedClip, Sample } from '../datasets/types';
import type { VideoModel } from '../model/videoModel';

/** Reads each clip once for all methods that come to it one after the other. */
export class ClipReader {
  private last: { model: string; sample: string; clip: Promise<AnnotatedClip> } | undefined;

  constructor(private readonly signal: AbortSignal | undefined) {}

  /** @throws FepError what reading the clip throws, each time */
  read(sample: Sample, { manifest }: VideoModel): Promise<AnnotatedClip> {
    if (this.last?.model !== manifest.name || this.last.sample !== sample.id) {
      const clip = sample.read(manifest.input, this.signal ? { signal: this.signal } : {});
      this.last = { model: manifest.name, sample: sample.id, clip };
    }
    return this.last.clip;
  }
}
