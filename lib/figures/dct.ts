/** T, H and W. */
export type Shape3 = readonly [number, number, number];

/**
 * The orthonormal 3-D DCT-II of T×H×W values: Eq. (4) of the paper with c_0 applied to the frequency index (applied to
 * the sample index, as printed, the transform is not invertible). It preserves the sum of squares.
 */
export function dct3(values: ArrayLike<number>, shape: Shape3): Float64Array {
  return transform(values, shape, (basis) => basis);
}

/** The inverse of `dct3`: the orthonormal 3-D DCT-III. */
export function idct3(spectrum: ArrayLike<number>, shape: Shape3): Float64Array {
  return transform(spectrum, shape, transposed);
}

type Matrix = Float64Array[];

/** C[k][x] = sqrt(2/n)·c_k·cos((2x + 1)·k·π/(2n)), c_0 = 1/√2, else 1. */
function basisOf(n: number): Matrix {
  return Array.from({ length: n }, (_, k) =>
    Float64Array.from({ length: n }, (_, x) =>
      k === 0 ? Math.sqrt(1 / n) : Math.sqrt(2 / n) * Math.cos(((2 * x + 1) * k * Math.PI) / (2 * n)),
    ),
  );
}

function transposed(matrix: Matrix): Matrix {
  return matrix.map((_, i) => Float64Array.from(matrix, (row) => row[i]!));
}

function transform(values: ArrayLike<number>, [t, h, w]: Shape3, use: (basis: Matrix) => Matrix) {
  let result = Float64Array.from(values);
  result = alongAxis(result, use(basisOf(t)), h * w);
  result = alongAxis(result, use(basisOf(h)), w);
  return alongAxis(result, use(basisOf(w)), 1);
}

/** Multiplies along the axis with this stride. */
function alongAxis(values: Float64Array, matrix: Matrix, stride: number) {
  const n = matrix.length;
  const result = new Float64Array(values.length);
  for (let block = 0; block < values.length; block += n * stride)
    for (let k = 0; k < n; k++) {
      const row = matrix[k]!;
      for (let x = 0; x < n; x++) {
        const factor = row[x]!;
        const [from, to] = [block + x * stride, block + k * stride];
        for (let i = 0; i < stride; i++) result[to + i]! += factor * values[from + i]!;
      }
    }
  return result;
}
