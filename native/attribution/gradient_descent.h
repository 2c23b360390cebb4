#pragma once

#include <ATen/ATen.h>

namespace fep {

struct DescentOptions {
  double learning_rate = 0.05;  ///< ε
  double momentum = 0.9;
  double dampening = 0.9;
};

/// Eq. (3) as the implementations run it: stochastic gradient descent with momentum, whose first step is not
/// dampened (as torch.optim.SGD has it), on parameters that are clamped to [0, 1] after every update.
class GradientDescent {
 public:
  explicit GradientDescent(const DescentOptions& options) : options_(options) {}

  void step(at::Tensor& parameters, const at::Tensor& gradient, double rate) {
    follow(gradient);
    parameters.sub_(velocity_, rate * options_.learning_rate).clamp_(0, 1);
  }

 private:
  void follow(const at::Tensor& gradient) {
    if (velocity_.defined()) {
      velocity_.mul_(options_.momentum).add_(gradient, 1 - options_.dampening);
    } else {
      velocity_ = gradient.clone();
    }
  }

  DescentOptions options_;
  at::Tensor velocity_;
};

}  // namespace fep
