import { readFile, writeFile } from 'node:fs/promises';
import { FepError, messageOf } from '../errors/fepError';
import { requireBytes, requireString } from '../options/requireArguments';
import { writeAtomically } from './atomicFile';

/** Supported element types. */
export type NpyType = 'float32' | 'float64' | 'uint8' | 'bool';
/** The elements of an array. */
export type NpyData = Float32Array | Float64Array | Uint8Array;

/** A NumPy array in C order; `bool` elements are bytes 0 and 1. */
export interface NpyArray {
  dtype: NpyType;
  shape: number[];
  data: NpyData;
}

/** An array to write. */
export interface NpyInput {
  data: NpyData;
  shape: readonly number[];
  /** Only needed to write bytes as `bool`; otherwise derived from `data`. */
  dtype?: NpyType;
}

const MAGIC = Buffer.from('\x93NUMPY', 'latin1');
const MAX_HEADER = 65_536;
const MAX_DIMENSIONS = 32;
const BYTES: Record<NpyType, number> = { float32: 4, float64: 8, uint8: 1, bool: 1 };
const DESCR: Record<NpyType, string> = { float32: '<f4', float64: '<f8', uint8: '|u1', bool: '|b1' };
const TYPES = new Map<string, NpyType>([
  ...Object.entries(DESCR).map(([type, descr]) => [descr, type as NpyType] as const),
  ['<u1', 'uint8'],
  ['u1', 'uint8'],
  ['<b1', 'bool'],
  ['?', 'bool'],
]);

/**
 * Reads a `.npy` file (format 1, 2 or 3; float32, float64, uint8 or bool; little endian). Fortran order is
 * converted to C order.
 *
 * @throws FepError `FEP_IO` if the file cannot be read or is not such an array
 */
export async function readNpy(path: string): Promise<NpyArray> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw new FepError('FEP_IO', `${path} could not be read: ${messageOf(error)}`, { cause: error });
  });
  return parseNpy(bytes, path);
}

/**
 * Parses the bytes of a `.npy` file. If the alignment allows it, `data` is a view of `bytes`.
 *
 * @param source name of the array in error messages
 * @throws FepError `FEP_IO`
 */
export function parseNpy(bytes: Uint8Array, source = 'The array'): NpyArray {
  requireBytes(bytes, 'bytes');
  requireString(source, 'source');
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { text, dataStart } = headerOf(buffer, source);
  const dtype = typeOf(text, source);
  const shape = shapeOf(text, source);
  const count = shape.reduce((product, n) => product * n, 1);
  const size = count * BYTES[dtype];
  const available = buffer.length - dataStart;
  if (!Number.isSafeInteger(size) || size > available)
    throw malformed(source, `shape (${shape}) of ${dtype} needs ${size} bytes, ${available} are there`);
  const data = viewOf(buffer.subarray(dataStart, dataStart + size), dtype);
  return { dtype, shape, data: isFortran(text, source) ? toRowMajor(data, shape) : data };
}

/**
 * Writes a `.npy` file (format 1, C order, little endian) atomically.
 *
 * @throws FepError `FEP_SHAPE` if shape and data disagree, `FEP_IO` if the file cannot be written
 */
export async function writeNpy(path: string, array: NpyInput): Promise<void> {
  const bytes = formatNpy(array);
  await writeAtomically(path, (temporary) => writeFile(temporary, bytes));
}

/** The bytes of a `.npy` file. */
export function formatNpy({ data, shape, dtype = typeOfData(data) }: NpyInput): Buffer {
  const count = shape.reduce((product, n) => product * n, 1);
  if (count !== data.length)
    throw new FepError('FEP_SHAPE', `Shape (${shape}) has ${count} elements, the data has ${data.length}.`);
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const dict = `{'descr': '${DESCR[dtype]}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const prefix = MAGIC.length + 4;
  const header = `${dict.padEnd(Math.ceil((prefix + dict.length + 1) / 64) * 64 - prefix - 1)}\n`;
  const head = Buffer.alloc(prefix + header.length);
  MAGIC.copy(head);
  head[6] = 1;
  head.writeUInt16LE(header.length, 8);
  head.write(header, prefix, 'latin1');
  return Buffer.concat([head, Buffer.from(data.buffer, data.byteOffset, data.byteLength)]);
}

function headerOf(buffer: Buffer, source: string): { text: string; dataStart: number } {
  if (buffer.length < 10 || !buffer.subarray(0, 6).equals(MAGIC))
    throw malformed(source, 'it does not start like a NumPy array');
  const version = buffer[6]!;
  if (version < 1 || version > 3) throw malformed(source, `format version ${version} is not known`);
  if (version > 1 && buffer.length < 12) throw malformed(source, 'it ends within its header');
  const start = version === 1 ? 10 : 12;
  const length = version === 1 ? buffer.readUInt16LE(8) : buffer.readUInt32LE(8);
  if (length > MAX_HEADER || start + length > buffer.length)
    throw malformed(source, `it ends within its header of ${length} bytes`);
  return { text: buffer.toString('latin1', start, start + length), dataStart: start + length };
}

function typeOf(header: string, source: string): NpyType {
  const descr = /'descr'\s*:\s*'([^']*)'/.exec(header)?.[1];
  const type = descr === undefined ? undefined : TYPES.get(descr);
  if (type) return type;
  const found = descr === undefined ? 'a structured or unreadable type' : `type '${descr}'`;
  throw malformed(source, `it holds ${found}, expected float32, float64, uint8 or bool, little endian`);
}

function shapeOf(header: string, source: string): number[] {
  const inside = /'shape'\s*:\s*\(([\d\s,]*)\)/.exec(header)?.[1];
  if (inside === undefined) throw malformed(source, 'its header has no shape');
  const shape = inside.split(',').flatMap((length) => (length.trim() === '' ? [] : [Number(length)]));
  if (shape.length > MAX_DIMENSIONS || !shape.every(Number.isSafeInteger))
    throw malformed(source, 'its shape cannot be read');
  return shape;
}

function isFortran(header: string, source: string): boolean {
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(header)?.[1];
  if (order === undefined) throw malformed(source, 'its header does not say fortran_order');
  return order === 'True';
}

function viewOf(bytes: Buffer, dtype: NpyType): NpyData {
  const aligned = bytes.byteOffset % BYTES[dtype] === 0 ? bytes : Buffer.from(new Uint8Array(bytes).buffer);
  const count = bytes.length / BYTES[dtype];
  if (dtype === 'float32') return new Float32Array(aligned.buffer, aligned.byteOffset, count);
  if (dtype === 'float64') return new Float64Array(aligned.buffer, aligned.byteOffset, count);
  return new Uint8Array(aligned.buffer, aligned.byteOffset, count);
}

/** Column-major to row-major: iterates over the output in order while the input position follows the strides. */
function toRowMajor(data: NpyData, shape: readonly number[]): NpyData {
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((stride, n) => stride * n, 1));
  const out = data.slice();
  const index = shape.map(() => 0);
  let from = 0;
  for (let to = 0; to < out.length; to++) {
    out[to] = data[from]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      from -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return out;
}

function typeOfData(data: NpyData): NpyType {
  if (data instanceof Float32Array) return 'float32';
  return data instanceof Float64Array ? 'float64' : 'uint8';
}

function malformed(source: string, why: string): FepError {
  return new FepError('FEP_IO', `${source} is not a readable .npy array: ${why}.`, {
    hint: "Save it again with numpy.save(path, array.astype('float32')) or as uint8.",
  });
}
