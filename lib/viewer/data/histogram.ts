/** The smallest byte that counts as kept at a threshold τ in [0, 1]; exact for τ = ½. */
export function byteOf(threshold: number): number {
  return Math.floor(255 * threshold + 0.5);
}

/** Histogram of each frame of a mask, which gives the area at any threshold without reading the voxels again. */
export class Histogram {
  /** For each frame and value, the number of voxels with at least that value: frames×257. */
  private readonly atLeast: Uint32Array;
  private readonly means: Float64Array;
  private readonly voxels: number;

  constructor(
    bytes: Uint8Array,
    readonly frames: number,
  ) {
    this.voxels = bytes.length / frames;
    this.atLeast = new Uint32Array(frames * 257);
    this.means = new Float64Array(frames);
    for (let t = 0; t < frames; t++) this.count(bytes, t);
  }

  private count(bytes: Uint8Array, t: number): void {
    const bins = this.atLeast.subarray(t * 257, (t + 1) * 257);
    let sum = 0;
    for (let i = t * this.voxels; i < (t + 1) * this.voxels; i++) {
      bins[bytes[i]!]!++;
      sum += bytes[i]!;
    }
    for (let value = 255; value >= 0; value--) bins[value]! += bins[value + 1]!;
    this.means[t] = sum / (255 * this.voxels);
  }

  /** Mean of the mask over a frame. */
  meanOf(frame: number): number {
    return this.means[frame]!;
  }

  /** Share of a frame's voxels with M ≥ τ. */
  areaOf(frame: number, threshold: number): number {
    return this.atLeast[frame * 257 + byteOf(threshold)]! / this.voxels;
  }

  /** Share of the clip's voxels with M ≥ τ. */
  area(threshold: number): number {
    let sum = 0;
    for (let t = 0; t < this.frames; t++) sum += this.areaOf(t, threshold);
    return sum / this.frames;
  }
}
