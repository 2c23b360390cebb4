import { isNormalizedArray } from '../clip/array';
import { collectFrames } from '../clip/collect';
import { normalize } from '../clip/normalize';
import { type ReadClipOptions, readClip } from '../clip/readClip';
import { resizePicture } from '../clip/resize';
import type { Clip } from '../clip/types';
import type { Picture } from '../frames/picture';
import type { ResizeFilter } from '../manifest/inputOverrides';
import type { ModelInput } from '../manifest/manifest';

const FILTERS: readonly Required<ResizeFilter>[] = [
  { antialias: true, interpolation: 'bilinear' },
  { antialias: true, interpolation: 'bicubic' },
  { antialias: false, interpolation: 'bilinear' },
  { antialias: false, interpolation: 'bicubic' },
];

/** The same frames scaled by each filter, T×H×W×3 bytes. */
type Scaled = Uint8Array[];

/**
 * Reads one clip with different frames, filters, channel orders and pixel ranges; the source is decoded once for
 * each sampling.
 */
export class ClipReader {
  private readonly decoded = new Map<string, Promise<Scaled>>();

  private constructor(
    /** The clip with the model's own preprocessing. */
    readonly clip: Clip,
    /** Whether the source is already a model's input, so that alternatives do not apply. */
    readonly isFixed: boolean,
    private readonly options: ReadClipOptions,
  ) {}

  /** @throws FepError as `readClip` */
  static async open(path: string, input: ModelInput, options: ReadClipOptions): Promise<ClipReader> {
    const clip = await readClip(path, input, options);
    return new ClipReader(clip, await isNormalizedArray(path), options);
  }

  /** @throws FepError as `readClip` */
  async read(input: ModelInput): Promise<Clip> {
    const scaled = await this.scaled(input);
    const { antialias, interpolation } = input.resize;
    const rgb =
      scaled[FILTERS.findIndex((f) => f.antialias === antialias && f.interpolation === interpolation)]!;
    return { ...this.clip, data: normalize(rgb, input), rgb };
  }

  private scaled(input: ModelInput): Promise<Scaled> {
    const key = JSON.stringify(input.sampling);
    const known = this.decoded.get(key) ?? this.decode(input);
    this.decoded.set(key, known);
    return known;
  }

  private async decode({ sampling, frames, height, width, resize }: ModelInput): Promise<Scaled> {
    const { start, end, ...reading } = this.options;
    const byFilter = (picture: Picture) =>
      FILTERS.map((filter) => resizePicture(picture, height, width, { ...resize, ...filter }));
    const { data } = await collectFrames(
      this.clip.source,
      { sampling, frames, start, end },
      (picture) => stacked(byFilter(picture)),
      reading,
    );
    const size = height * width * 3;
    return FILTERS.map((_, f) => {
      const rgb = new Uint8Array(frames * size);
      for (let t = 0; t < frames; t++) {
        const from = (t * FILTERS.length + f) * size;
        rgb.set(data.subarray(from, from + size), t * size);
      }
      return rgb;
    });
  }
}

/** Stacks pictures of one size vertically into one picture. */
function stacked(pictures: Picture[]): Picture {
  const { height, width } = pictures[0]!;
  const size = height * width * 3;
  const data = new Uint8Array(pictures.length * size);
  pictures.forEach((picture, i) => {
    data.set(picture.data, i * size);
  });
  return { data, height: pictures.length * height, width };
}
