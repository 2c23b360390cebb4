import type { LoadedClip, LoadedMask } from '../data/load';
import { paintFrame, type Scene } from './paintFrame';

/**
 * Bytes of the pictures that all players of a page keep: nine methods and the clip, of 16 frames of 112×112, on a screen of
 * density 2, take 200 MB.
 */
const MOST_KEPT = 256e6;
let bytesKept = 0;

/**
 * A player's canvas. Enlarging a frame and its mask and stroking the outline takes milliseconds without a GPU, so every frame
 * is painted once for a look and kept; a clip that plays in a loop is copied from then on.
 */
export class Stage {
  private readonly context: CanvasRenderingContext2D | null;
  private readonly resized: ResizeObserver;
  private readonly pictures = new Map<number, ImageBitmap>();
  private look = '';
  private scene: Scene | undefined;
  /** Canvas pixels per CSS pixel. */
  private density: number;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly clip: LoadedClip,
    private readonly mask: LoadedMask | null,
  ) {
    this.context = canvas.getContext('2d', { alpha: false });
    this.density = densityOf(canvas);
    this.resized = new ResizeObserver(() => this.resize());
    this.resized.observe(canvas);
  }

  show(scene: Scene): void {
    const { frame, ...rest } = scene;
    const look = Object.values(rest).join();
    if (look !== this.look) this.forget();
    this.look = look;
    this.scene = scene;
    this.context?.drawImage(this.pictures.get(frame) ?? this.paint(scene), 0, 0);
    this.canvas.dataset.frame = String(frame);
  }

  dispose(): void {
    this.resized.disconnect();
    this.forget();
  }

  /** Outlines are as thick on a canvas that is shown smaller. */
  private resize(): void {
    const density = densityOf(this.canvas);
    if (density === this.density) return;
    this.density = density;
    this.forget();
    if (this.scene) this.show(this.scene);
  }

  private paint(scene: Scene): CanvasImageSource {
    const { width, height } = this.canvas;
    const canvas = new OffscreenCanvas(width, height);
    paintFrame(canvas, this.clip, this.mask, scene, this.density);
    if (bytesKept + bytesOf(canvas) > MOST_KEPT) return canvas;
    bytesKept += bytesOf(canvas);
    const picture = canvas.transferToImageBitmap();
    this.pictures.set(scene.frame, picture);
    return picture;
  }

  private forget(): void {
    for (const picture of this.pictures.values()) {
      bytesKept -= bytesOf(picture);
      picture.close();
    }
    this.pictures.clear();
  }
}

function bytesOf({ width, height }: { width: number; height: number }): number {
  return 4 * width * height;
}

/** Canvas pixels per CSS pixel. */
export function densityOf({ width, clientWidth }: HTMLCanvasElement): number {
  return width / (clientWidth || width);
}
