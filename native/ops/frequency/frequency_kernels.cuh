#pragma once

// A DCT by a real FFT of the same length (J. Makhoul: A fast cosine transform in one and two dimensions,
// 1980).
//
// Of a line x of n values let v be its even-numbered ones in order, then its odd-numbered ones in reverse,
// and V the Fourier transform of v. Then C_k = Σ x_j·cos(π(2j+1)k/2n) = Re(e^(−iπk/2n)·V_k), and back, with
// C_n = 0, V_k = e^(iπk/2n)·(C_k − i·C_(n−k)). v is real, so V_(n−k) is V_k's conjugate and half of them
// suffice. The orthonormal DCT-II is C_k·√(2/n), C_0·√(1/n).

#include "ops/cuda/host_device.cuh"

namespace fep::cuda {

/// One number of a spectrum, laid out as cuFFT's are.
template <typename scalar>
struct alignas(2 * sizeof(scalar)) Complex {
  scalar re, im;
};

/// The lines of a contiguous tensor along one axis: n values, `inner` apart.
struct Lines {
  Index n, inner;

  FEP_HOST_DEVICE Index half() const { return n / 2 + 1; }
  /// Where value j of a line is.
  FEP_HOST_DEVICE Index at(Index line, Index j) const {
    return line / inner * n * inner + j * inner + line % inner;
  }
  /// Which line the i-th element of the tensor belongs to, and where in it it is.
  FEP_HOST_DEVICE Index line(Index i) const { return i / inner / n * inner + i % inner; }
  FEP_HOST_DEVICE Index place(Index i) const { return i / inner % n; }
  /// Where value j of a line is among the line's v.
  FEP_HOST_DEVICE Index reordered(Index j) const { return j % 2 == 0 ? j / 2 : n - 1 - j / 2; }
  FEP_HOST_DEVICE double angle(Index k) const { return 1.5707963267948966 * k / n; }
  FEP_HOST_DEVICE double gain(Index k) const { return ::sqrt((k == 0 ? 1.0 : 2.0) / n); }
};

/// x to v, line after line.
template <typename scalar>
struct ReorderLine {
  Lines lines;
  const scalar* input;
  scalar* reordered;

  FEP_HOST_DEVICE void operator()(Index i) const {
    reordered[lines.line(i) * lines.n + lines.reordered(lines.place(i))] = input[i];
  }
};

/// V to the DCT-II, back in the tensor's order.
template <typename scalar>
struct TurnIntoCosines {
  Lines lines;
  const Complex<scalar>* spectrum;  ///< lines × half
  scalar* output;

  FEP_HOST_DEVICE void operator()(Index i) const {
    const Index k = lines.place(i);
    const bool mirrored = k >= lines.half();
    const auto v = spectrum[lines.line(i) * lines.half() + (mirrored ? lines.n - k : k)];
    const auto cosine = static_cast<scalar>(::cos(lines.angle(k)));
    const auto sine = static_cast<scalar>(::sin(lines.angle(k)));
    const scalar real = cosine * v.re + sine * (mirrored ? -v.im : v.im);
    output[i] = static_cast<scalar>(lines.gain(k)) * real;
  }
};

/// A DCT-II to V / n; number i of lines × half.
template <typename scalar>
struct TurnFromCosines {
  Lines lines;
  const scalar* input;
  Complex<scalar>* spectrum;

  FEP_HOST_DEVICE void operator()(Index i) const {
    const Index line = i / lines.half(), k = i % lines.half();
    const scalar c = cosine_sum(line, k), opposite = k == 0 ? scalar(0) : cosine_sum(line, lines.n - k);
    const auto cosine = static_cast<scalar>(::cos(lines.angle(k)));
    const auto sine = static_cast<scalar>(::sin(lines.angle(k)));
    spectrum[i] = {cosine * c + sine * opposite, sine * c - cosine * opposite};
  }

 private:
  FEP_HOST_DEVICE scalar cosine_sum(Index line, Index k) const {
    return input[lines.at(line, k)] * static_cast<scalar>(1 / (lines.gain(k) * lines.n));
  }
};

/// v to x, in the tensor's order.
template <typename scalar>
struct RestoreLine {
  Lines lines;
  const scalar* reordered;
  scalar* output;

  FEP_HOST_DEVICE void operator()(Index i) const {
    output[i] = reordered[lines.line(i) * lines.n + lines.reordered(lines.place(i))];
  }
};

/// Box and shell of the frequencies that pass: see Band.
struct BandEdges {
  Index low, high;
};

/// Multiplies a spectrum by A + B: what is neither inside A's box nor outside B's becomes 0.
template <typename scalar>
struct KeepBands {
  Index height, width, frames;
  BandEdges t, h, w;
  scalar* spectrum;

  FEP_HOST_DEVICE void operator()(Index i) const {
    const Index x = i % width, y = i / width % height, z = i / width / height % frames;
    const bool in_a = z < t.low && y < h.low && x < w.low;
    const bool in_b = z >= t.high || y >= h.high || x >= w.high;
    if (!in_a && !in_b) spectrum[i] = 0;
  }
};

}  // namespace fep::cuda
