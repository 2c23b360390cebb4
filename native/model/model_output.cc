#include "model/model_output.h"

#include <ATen/ATen.h>
#include <ATen/core/function_schema.h>

#include <sstream>
#include <utility>
#include <vector>

namespace fep {
namespace {

/// An element of what forward returned, and its name or index there.
struct Element {
  std::string name;
  c10::IValue value;
};

std::vector<Element> elements_of_tuple(const c10::ivalue::Tuple& tuple) {
  const auto& schema = tuple.type()->schema();
  std::vector<Element> elements;
  for (std::size_t i = 0; i < tuple.elements().size(); ++i) {
    const bool is_named = schema && i < schema->arguments().size();
    elements.push_back({is_named ? schema->arguments()[i].name() : std::to_string(i), tuple.elements()[i]});
  }
  return elements;
}

/// The elements of a tuple, list or dictionary; none of anything else.
std::vector<Element> elements_of(const c10::IValue& value) {
  std::vector<Element> elements;
  if (value.isTuple()) return elements_of_tuple(value.toTupleRef());
  if (value.isList()) {
    for (const auto& element : value.toListRef())
      elements.push_back({std::to_string(elements.size()), element});
  } else if (value.isGenericDict()) {
    for (const auto& entry : value.toGenericDict()) {
      std::ostringstream key;
      if (entry.key().isString()) {
        key << entry.key().toStringRef();
      } else {
        key << entry.key();
      }
      elements.push_back({key.str(), entry.value()});
    }
  }
  return elements;
}

const char* kind_of(const c10::IValue& value) {
  return value.isTuple() ? "tuple" : value.isGenericDict() ? "dictionary" : "list";
}

/// `--output 0`, or the name where there is one.
std::string option_of(const Element& element) {
  return "--output " + element.name;
}

/// All tensors in a value, however deep; a nested one is named `out.logits`.
std::vector<Element> tensors_in(const c10::IValue& value, const std::string& path = "") {
  std::vector<Element> tensors;
  for (const auto& element : elements_of(value)) {
    const auto name = path.empty() ? element.name : path + "." + element.name;
    if (element.value.isTensor()) {
      tensors.push_back({name, element.value});
    } else {
      const auto inner = tensors_in(element.value, name);
      tensors.insert(tensors.end(), inner.begin(), inner.end());
    }
  }
  return tensors;
}

[[noreturn]] void refuse_choice(const c10::IValue& returned, const std::vector<Element>& tensors) {
  std::ostringstream message;
  message << "The model returns " << describe(returned) << "; take one of its tensors:";
  for (std::size_t i = 0; i < tensors.size(); ++i) message << (i ? " or " : " ") << option_of(tensors[i]);
  throw OutputError(message.str() + ".");
}

std::string in_words(const TensorChoice& choice) {
  const auto* place = std::get_if<std::int64_t>(&choice);
  return place ? std::to_string(*place) : std::get<std::string>(choice);
}

/// Without the axes of length 1 behind the first.
at::Tensor without_ones(const at::Tensor& tensor) {
  std::vector<std::int64_t> sizes;
  for (std::int64_t axis = 0; axis < tensor.dim(); ++axis) {
    if (axis == 0 || tensor.size(axis) != 1) sizes.push_back(tensor.size(axis));
  }
  return tensor.reshape(sizes);
}

/// A dense tensor, however libtorch stores it.
at::Tensor dense(const at::Tensor& tensor) {
  if (tensor.is_complex()) throw OutputError("The model returns complex numbers, which are no answers.");
  return tensor.layout() == at::kStrided ? tensor : tensor.to_dense();
}

[[noreturn]] void refuse_shape(const at::Tensor& tensor, std::int64_t clips, const std::string& instead) {
  std::ostringstream message;
  message << "The model must return N x classes; for " << clips << (clips == 1 ? " clip" : " clips")
          << " it returned " << sizes_in_words(tensor.sizes()) << instead << ".";
  throw OutputError(message.str());
}

}  // namespace

std::string sizes_in_words(at::IntArrayRef sizes) {
  if (sizes.empty()) return "one number";
  std::ostringstream text;
  for (std::size_t i = 0; i < sizes.size(); ++i) text << (i ? "x" : "") << sizes[i];
  return text.str();
}

std::string describe(const c10::IValue& value) {
  if (value.isTensor()) return "a tensor " + sizes_in_words(value.toTensor().sizes());
  if (value.isNone()) return "nothing";
  if (!value.isTuple() && !value.isList() && !value.isGenericDict()) return "a " + value.tagKind();
  const auto elements = elements_of(value);
  std::ostringstream text;
  text << "a " << kind_of(value) << " of " << elements.size();
  for (std::size_t i = 0; i < elements.size(); ++i) {
    text << (i ? ", " : " (") << elements[i].name << ": " << describe(elements[i].value);
  }
  return text.str() + (elements.empty() ? "" : ")");
}

at::Tensor ModelOutput::answers(const c10::IValue& returned, std::int64_t clips) const {
  const auto tensor = choose(returned);
  if (tensor.numel() == 0) refuse_shape(tensor, clips, ", which holds no number");
  if (tensor.dim() <= 1 && clips == 1) return tensor.reshape({1, -1});  // squeezed
  if (tensor.dim() == 0) refuse_shape(tensor, clips, "");
  const auto plain = average(tensor.dim() > 3 ? without_ones(tensor) : tensor, clips);
  if (plain.size(0) == clips && plain.dim() <= 2) return plain.reshape({clips, -1});
  refuse_shape(tensor, clips, "");
}

at::Tensor ModelOutput::choose(const c10::IValue& returned) const {
  if (returned.isTensor()) return dense(returned.toTensor());
  const auto tensors = tensors_in(returned);
  if (tensors.empty())
    throw OutputError("The model returns " + describe(returned) + ", which holds no tensor.");
  if (std::holds_alternative<std::monostate>(spec_.tensor)) {
    if (tensors.size() == 1) return dense(tensors[0].value.toTensor());  // nothing is left to choose
    refuse_choice(returned, tensors);
  }
  const auto wanted = in_words(spec_.tensor);
  for (const auto& element : tensors) {
    if (element.name == wanted) return dense(element.value.toTensor());
  }
  const auto elements = elements_of(returned);  // those of a named tuple have indices too
  const auto* place = std::get_if<std::int64_t>(&spec_.tensor);
  const bool is_there = place && *place >= 0 && *place < static_cast<std::int64_t>(elements.size());
  if (is_there && elements[static_cast<std::size_t>(*place)].value.isTensor()) {
    return dense(elements[static_cast<std::size_t>(*place)].value.toTensor());
  }
  refuse_choice(returned, tensors);
}

at::Tensor ModelOutput::average(const at::Tensor& tensor, std::int64_t clips) const {
  const bool has_segments = tensor.dim() == 2 && tensor.size(0) > clips && tensor.size(0) % clips == 0;
  if (has_segments) {
    if (spec_.average == AverageOver::segments) return tensor.reshape({clips, -1, tensor.size(1)}).mean(1);
    refuse_shape(tensor, clips,
                 ": if these are answers of segments or frames, average them by --average-over segments");
  }
  const bool has_time = tensor.dim() == 3 && tensor.size(0) == clips;
  if (!has_time) return tensor;
  if (spec_.average == AverageOver::time) return tensor.mean(time_axis(tensor));
  const auto plain = without_ones(tensor);
  if (plain.dim() < 3) return plain;
  refuse_shape(tensor, clips, ": if these are answers along time, average them by --average-over time");
}

std::int64_t ModelOutput::time_axis(const at::Tensor& tensor) const {
  const bool first_is_classes = tensor.size(1) == spec_.classes;
  const bool last_is_classes = tensor.size(2) == spec_.classes;
  if (first_is_classes != last_is_classes) return first_is_classes ? 2 : 1;
  const bool first_fits = frames_ % tensor.size(1) == 0, last_fits = frames_ % tensor.size(2) == 0;
  if (first_fits != last_fits) return first_fits ? 1 : 2;
  refuse_shape(tensor, tensor.size(0),
               ", and which axis is time cannot be told: name the classes by --classes FILE");
}

}  // namespace fep
