/** A NumPy array with its numbers in row-major order. */
export interface NumpyArray {
  shape: number[];
  data: number[];
}

/** A NumPy dtype. Pickles construct it first and set its byte order afterwards. */
export class Dtype {
  readonly kind: string;
  /** Bytes per element. */
  readonly size: number;
  littleEndian = true;

  /** @param code e.g. `u1`, `i8`, `f4`, `U22` */
  constructor(code: unknown) {
    const [, kind, count] = /^[<>|=]?([uifbU])(\d+)$/.exec(String(code)) ?? [];
    if (!kind) throw new Error(`arrays of NumPy's type ${code} are not read`);
    this.kind = kind;
    this.size = Number(count) * (kind === 'U' ? 4 : 1);
  }

  /** @param state (version, byte order, …) */
  __setstate__(state: unknown): void {
    if (Array.isArray(state)) this.littleEndian = state[1] !== '>';
  }
}

/** Stand-in for `numpy.ndarray`, which pickles as an empty object followed by its contents. */
export class PickledArray implements NumpyArray {
  shape: number[] = [];
  data: number[] = [];

  /** @param state (version, shape, dtype, column-major, bytes) */
  __setstate__(state: unknown): void {
    const [, shape, dtype, fortran, bytes] = state as [unknown, number[], Dtype, boolean, Uint8Array];
    if (!(dtype instanceof Dtype && bytes instanceof Uint8Array && Array.isArray(shape)))
      throw new Error('a NumPy array has no contents');
    const values = readElements(dtype, bytes);
    if (values.length !== shape.reduce((product, n) => product * n, 1))
      throw new Error(`a NumPy array of shape (${shape.join(', ')}) has ${values.length} elements`);
    this.shape = shape;
    this.data = fortran ? toRowMajor(values, shape) : values;
  }
}

/** A NumPy number or string. */
export function numpyScalar(dtype: unknown, bytes: unknown): number | string {
  if (!(dtype instanceof Dtype && bytes instanceof Uint8Array))
    throw new Error('a NumPy scalar has no value');
  return dtype.kind === 'U' ? readText(dtype, bytes) : readElements(dtype, bytes)[0]!;
}

function readElements({ kind, size, littleEndian }: Dtype, bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read = ELEMENTS[`${kind}${size}`];
  if (!read) throw new Error(`arrays of NumPy's type ${kind}${size} are not read`);
  return Array.from({ length: Math.floor(bytes.length / size) }, (_, i) =>
    read(view, i * size, littleEndian),
  );
}

type ReadElement = (view: DataView, at: number, littleEndian: boolean) => number;

const ELEMENTS: Record<string, ReadElement> = {
  b1: (view, at) => view.getUint8(at),
  u1: (view, at) => view.getUint8(at),
  u2: (view, at, little) => view.getUint16(at, little),
  u4: (view, at, little) => view.getUint32(at, little),
  u8: (view, at, little) => Number(view.getBigUint64(at, little)),
  i1: (view, at) => view.getInt8(at),
  i2: (view, at, little) => view.getInt16(at, little),
  i4: (view, at, little) => view.getInt32(at, little),
  i8: (view, at, little) => Number(view.getBigInt64(at, little)),
  f4: (view, at, little) => view.getFloat32(at, little),
  f8: (view, at, little) => view.getFloat64(at, little),
};

/** UTF-32, zero-padded. */
function readText({ littleEndian }: Dtype, bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const points = Array.from({ length: bytes.length / 4 }, (_, i) => view.getUint32(4 * i, littleEndian));
  return String.fromCodePoint(...points).replace(/\0+$/, '');
}

/** Converts column-major (first index fastest) to row-major. */
function toRowMajor(values: number[], shape: number[]): number[] {
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((stride, n) => stride * n, 1));
  return values.map((_, to) => {
    let rest = to;
    let from = 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += (rest % shape[axis]!) * strides[axis]!;
      rest = Math.floor(rest / shape[axis]!);
    }
    return values[from]!;
  });
}
