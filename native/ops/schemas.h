#pragma once

#include <torch/library.h>

namespace fep {

/// The operators' schemas, each declared once. Kernels register themselves beside their definitions:
/// <op>_cpu.cc for the CPU, <op>.cu for CUDA, <op>.cc for what does not depend on the device.
inline void declare_operators(torch::Library& library) {
  library.def("smooth_mask(Tensor parameters, int height, int width, int step, float sigma) -> Tensor");
  library.def(
      "smooth_mask_backward(Tensor canvas_gradient, Tensor parameters, int height, int width, int step, "
      "float sigma) -> Tensor");
  library.def(
      "smooth_mask_with_denominator(Tensor parameters, int height, int width, int step, float sigma) -> "
      "(Tensor canvas, Tensor denominator)");
  library.def(
      "smooth_mask_backward_from(Tensor canvas_gradient, Tensor parameters, Tensor canvas, Tensor "
      "denominator, int height, int width, int step, float sigma) -> Tensor");

  library.def("blur_pyramid(Tensor clip, int levels=8, float max_sigma=20.0) -> Tensor");
  library.def("perturb(Tensor pyramid, Tensor mask) -> Tensor");
  library.def("perturb_backward(Tensor gradient, Tensor pyramid, Tensor mask) -> Tensor");

  library.def("area_energy(Tensor mask, float[] areas, bool per_frame=False) -> Tensor");
  library.def(
      "area_energy_with_gradient(Tensor mask, float[] areas, bool per_frame=False, float weight=1.0) -> "
      "(Tensor energy, Tensor "
      "gradient)");

  library.def("core_energy(Tensor mask, float[] areas) -> Tensor");
  library.def("core_energy_with_gradient(Tensor mask, float[] areas) -> (Tensor energy, Tensor gradient)");

  library.def("dct3(Tensor input) -> Tensor");
  library.def("idct3(Tensor input) -> Tensor");
  library.def(
      "frequency_modulate(Tensor gradient, float low_ratio, float high_ratio, float? "
      "temporal_low_ratio=None, "
      "float? temporal_high_ratio=None) -> Tensor");

  library.def("rectify(Tensor input) -> Tensor");
  library.def("rectify_with_passed(Tensor input) -> (Tensor output, Tensor passed)");
  library.def("rectify_backward(Tensor gradient, Tensor passed, int[] strides) -> Tensor");
  library.def(
      "frozen_convolution(Tensor input, Tensor weight, Tensor? bias, int[] stride, int[] padding, int[] "
      "dilation, int groups, bool any_order=False) -> Tensor");
  library.def("winograd_kernels(Tensor weight) -> Tensor");
  library.def("winograd_gradient_kernels(Tensor weight) -> Tensor");
  library.def(
      "winograd_convolution(Tensor input, Tensor kernels, Tensor gradient_kernels, Tensor? bias, "
      "int[] padding) -> Tensor");
  library.def(
      "winograd_planes(Tensor planes, Tensor kernels, Tensor? bias, int[] padding, int frames) -> Tensor");
  library.def(
      "frozen_batch_norm(Tensor input, Tensor? weight, Tensor? bias, Tensor running_mean, Tensor "
      "running_var, float eps) -> Tensor");
  library.def("temporal_shift(Tensor frames, int clip_length, int share, int offset) -> Tensor");
}

}  // namespace fep
