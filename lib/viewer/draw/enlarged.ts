const kept = new WeakMap<ImageBitmap, OffscreenCanvas>();

/** A picture smoothly enlarged. The last size is kept: all players of a page that show the clip want the same. */
export function enlarged(picture: ImageBitmap, width: number, height: number): CanvasImageSource {
  if (picture.width === width && picture.height === height) return picture;
  const known = kept.get(picture);
  if (known?.width === width && known.height === height) return known;
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { alpha: false })!;
  context.imageSmoothingQuality = 'high';
  context.drawImage(picture, 0, 0, width, height);
  kept.set(picture, canvas);
  return canvas;
}
