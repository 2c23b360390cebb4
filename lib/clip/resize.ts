import { FepError } from '../errors/fepError';
import type { Picture } from '../frames/picture';
import type { ResizeFilter } from '../manifest/inputOverrides';
import type { Resize } from '../manifest/manifest';
import { resizeTaps, type Taps } from './resizeTaps';

/** Height and width in pixels. */
export interface Size {
  height: number;
  width: number;
}

/** How source frames become the model's frames: scaled to height × width, then cropped from (top, left). */
export interface Resizing extends Size {
  top: number;
  left: number;
}

/**
 * The scaling and crop that `resizePicture` applies to a frame of the source's size (see `resizeSchema`).
 *
 * `short-side` rounds the longer side down; both it and `stretch` crop from ⌊(side − target) / 2⌋.
 *
 * @throws FepError `FEP_SHAPE` if the crop is larger than the scaled picture
 */
export function resizing(source: Size, target: Size, resize: Resize): Resizing {
  const { height, width } = scaledSize(source, target, resize);
  if (height < target.height || width < target.width)
    throw new FepError(
      'FEP_SHAPE',
      `A ${source.height}×${source.width} frame scaled as the manifest says (${resize.mode}) is ` +
        `${height}×${width}, too small for a ${target.height}×${target.width} crop.`,
      { hint: "Make the manifest's resize, or --resize, at least as large as the model's height and width." },
    );
  const [top, left] = [Math.floor((height - target.height) / 2), Math.floor((width - target.width) / 2)];
  return { height, width, top, left };
}

/**
 * The same for crops along the longer side, which is left as long as it is. A `stretch` to the target's size would leave
 * nothing beside one crop: the frame is scaled to cover the target instead, and keeps its aspect ratio.
 *
 * @throws FepError `FEP_SHAPE` as `resizing`
 */
export function resizingForCrops(source: Size, target: Size, resize: Resize): Resizing & { crop: Size } {
  const covers = resize.mode === 'stretch' && resize.height === undefined;
  const scaled = covers ? coveringSize(source, target) : resizing(source, target, resize);
  const [down, across] = [scaled.height - target.height, scaled.width - target.width];
  const { height, width } = scaled;
  return down > across
    ? { height, width, top: 0, left: Math.floor(across / 2), crop: { height, width: target.width } }
    : { height, width, top: Math.floor(down / 2), left: 0, crop: { height: target.height, width } };
}

/** The smallest size of a source's aspect ratio that covers the target. */
function coveringSize(source: Size, target: Size): Size {
  const scale = Math.max(target.height / source.height, target.width / source.width);
  return {
    height: Math.max(target.height, Math.floor(source.height * scale)),
    width: Math.max(target.width, Math.floor(source.width * scale)),
  };
}

function scaledSize(source: Size, target: Size, resize: Resize): Size {
  if (resize.mode === 'stretch') {
    return { height: resize.height ?? target.height, width: resize.width ?? target.width };
  }
  const short = Math.min(source.height, source.width);
  return {
    height: Math.floor((source.height * resize.size) / short),
    width: Math.floor((source.width * resize.size) / short),
  };
}

/**
 * Resizes a picture to height × width according to the manifest.
 *
 * @throws FepError `FEP_SHAPE` as `resizing`
 */
export function resizePicture(picture: Picture, height: number, width: number, resize: Resize): Picture {
  const { top, left, ...scaled } = resizing(picture, { height, width }, resize);
  return crop(scalePicture(picture, scaled.height, scaled.width, resize), top, left, height, width);
}

/**
 * The same, with all that crops along the longer side show.
 *
 * @throws FepError `FEP_SHAPE` as `resizing`
 */
export function resizeForCrops(picture: Picture, target: Size, resize: Resize): Picture {
  const { top, left, crop: cut, ...scaled } = resizingForCrops(picture, target, resize);
  return crop(scalePicture(picture, scaled.height, scaled.width, resize), top, left, cut.height, cut.width);
}

/** Scales a picture with a filter (see `resizeTaps`; default bilinear and antialiased) and rounds to bytes. */
export function scalePicture(
  picture: Picture,
  height: number,
  width: number,
  filter: ResizeFilter = {},
): Picture {
  if (picture.height === height && picture.width === width) return picture;
  // Pillow rounds and clips between its two passes, which matters if negative weights overshoot.
  const twoPasses = filter.interpolation === 'bicubic' && filter.antialias !== false;
  const narrow = twoPasses ? scaledBytes(picture, picture.height, width, filter) : picture;
  return scaledBytes(narrow, height, width, filter);
}

function scaledBytes(picture: Picture, height: number, width: number, filter: ResizeFilter): Picture {
  const data = scalePlane(picture.data, picture.height, picture.width, 3, height, width, filter);
  const bytes = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i++) bytes[i] = Math.min(Math.max(Math.round(data[i]!), 0), 255);
  return { data: bytes, height, width };
}

/** The same for H×W×channels numbers, without rounding or clipping. */
export function scalePlane(
  data: Uint8Array | Float32Array,
  height: number,
  width: number,
  channels: number,
  newHeight: number,
  newWidth: number,
  filter: ResizeFilter = {},
): Float32Array {
  const narrow = scaleColumns(data, width * channels, resizeTaps(height, newHeight, filter));
  return scaleRows(narrow, newHeight, width, channels, resizeTaps(width, newWidth, filter));
}

/** Each output row is a weighted sum of input rows. */
function scaleColumns(data: Uint8Array | Float32Array, rowLength: number, taps: Taps): Float32Array {
  const newHeight = taps.first.length;
  const out = new Float32Array(newHeight * rowLength);
  for (let y = 0; y < newHeight; y++)
    for (let k = 0; k < taps.count[y]!; k++) {
      const from = (taps.first[y]! + k) * rowLength;
      addWeighted(out, y * rowLength, data, from, rowLength, taps.weights[y * taps.width + k]!);
    }
  return out;
}

function addWeighted(
  out: Float32Array,
  to: number,
  data: Uint8Array | Float32Array,
  from: number,
  length: number,
  weight: number,
): void {
  for (let i = 0; i < length; i++) out[to + i] = out[to + i]! + weight * data[from + i]!;
}

function scaleRows(
  data: Float32Array,
  height: number,
  width: number,
  channels: number,
  { first, count, weights, width: tapWidth }: Taps,
): Float32Array {
  const newWidth = first.length;
  const out = new Float32Array(height * newWidth * channels);
  let to = 0;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < newWidth; x++) {
      const from = (y * width + first[x]!) * channels;
      const last = count[x]!;
      for (let c = 0; c < channels; c++) {
        let sum = 0;
        for (let k = 0; k < last; k++) sum += weights[x * tapWidth + k]! * data[from + k * channels + c]!;
        out[to++] = sum;
      }
    }
  return out;
}

function crop(picture: Picture, top: number, left: number, height: number, width: number): Picture {
  if (picture.height === height && picture.width === width) return picture;
  const data = new Uint8Array(height * width * 3);
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * picture.width + left) * 3;
    data.set(picture.data.subarray(from, from + width * 3), y * width * 3);
  }
  return { data, height, width };
}
