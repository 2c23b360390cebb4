import type { Picture } from '../../frames/picture';

/** A PAM picture: RGB or RGBA bytes with their size. */
export interface PamPicture extends Picture {
  channels: number;
}

/** Splits a stream of PAM pictures, each with its own header. */
export class PamReader {
  private chunks: Buffer[] = [];
  private length = 0;
  private header: { height: number; width: number; channels: number } | undefined;

  /** @returns the pictures completed by this chunk */
  *push(chunk: Buffer): Generator<PamPicture> {
    this.chunks.push(chunk);
    this.length += chunk.length;
    for (;;) {
      this.header ??= this.readHeader();
      if (!this.header) return;
      const { height, width, channels } = this.header;
      const size = height * width * channels;
      if (this.length < size) return;
      const bytes = this.take(size);
      this.header = undefined;
      yield { data: new Uint8Array(bytes), height, width, channels };
    }
  }

  private readHeader() {
    if (this.length < 32) return undefined;
    const bytes = this.joined();
    const end = bytes.indexOf('ENDHDR\n');
    if (end < 0) return undefined;
    const text = this.take(end + 7).toString('latin1');
    const field = (name: string) => Number(new RegExp(`${name} (\\d+)`).exec(text)?.[1] ?? 0);
    return { height: field('HEIGHT'), width: field('WIDTH'), channels: field('DEPTH') };
  }

  private take(size: number): Buffer {
    const bytes = this.joined();
    this.chunks = [bytes.subarray(size)];
    this.length -= size;
    return bytes.subarray(0, size);
  }

  private joined(): Buffer {
    const [only] = this.chunks;
    if (only && this.chunks.length === 1) return only;
    const bytes = Buffer.concat(this.chunks);
    this.chunks = [bytes];
    return bytes;
  }
}
