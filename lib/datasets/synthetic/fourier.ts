/** cos and sin of 2πk/size for k < size/2. */
interface Twiddles {
  cos: Float64Array;
  sin: Float64Array;
}

const known = new Map<number, Twiddles>();

function twiddlesOf(size: number): Twiddles {
  const found = known.get(size);
  if (found) return found;
  const made = { cos: new Float64Array(size / 2), sin: new Float64Array(size / 2) };
  for (let k = 0; k < size / 2; k++) {
    made.cos[k] = Math.cos((2 * Math.PI * k) / size);
    made.sin[k] = Math.sin((2 * Math.PI * k) / size);
  }
  known.set(size, made);
  return made;
}

/** Unscaled inverse FFT of one line of `size` numbers, in place; `size` is a power of two. */
function inverseLine(re: Float64Array, im: Float64Array, size: number): void {
  for (let i = 1, j = 0; i < size; i++) {
    let bit = size >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) {
      const r = re[i]!;
      const m = im[i]!;
      re[i] = re[j]!;
      im[i] = im[j]!;
      re[j] = r;
      im[j] = m;
    }
  }
  const { cos, sin } = twiddlesOf(size);
  for (let half = 1; half < size; half *= 2) {
    const step = size / (2 * half);
    for (let start = 0; start < size; start += 2 * half) {
      for (let k = 0; k < half; k++) {
        const c = cos[k * step]!;
        const s = sin[k * step]!;
        const a = start + k;
        const b = a + half;
        const r = re[b]! * c - im[b]! * s;
        const m = re[b]! * s + im[b]! * c;
        re[b] = re[a]! - r;
        im[b] = im[a]! - m;
        re[a] = re[a]! + r;
        im[a] = im[a]! + m;
      }
    }
  }
}

/**
 * Unscaled inverse Fourier transform of a size×size complex spectrum, in place.
 *
 * @param re size·size real parts in row-major order; on return, the real part of the field
 * @param im size·size imaginary parts, likewise
 * @param size a power of two
 */
export function inverseFourier2(re: Float64Array, im: Float64Array, size: number): void {
  for (let row = 0; row < size; row++) {
    const from = row * size;
    inverseLine(re.subarray(from, from + size), im.subarray(from, from + size), size);
  }
  const lineRe = new Float64Array(size);
  const lineIm = new Float64Array(size);
  for (let column = 0; column < size; column++) {
    for (let row = 0; row < size; row++) {
      lineRe[row] = re[row * size + column]!;
      lineIm[row] = im[row * size + column]!;
    }
    inverseLine(lineRe, lineIm, size);
    for (let row = 0; row < size; row++) {
      re[row * size + column] = lineRe[row]!;
      im[row * size + column] = lineIm[row]!;
    }
  }
}
