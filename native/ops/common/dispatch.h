#pragma once

#include <ATen/core/dispatch/Dispatcher.h>

#include <string>

namespace fep {

/// The typed handle of operator fep::<name>; `Signature` is that of its C++ function.
template <typename Signature>
c10::TypedOperatorHandle<Signature> find_operator(const char* name) {
  return c10::Dispatcher::singleton()
      .findSchemaOrThrow((std::string("fep::") + name).c_str(), "")
      .typed<Signature>();
}

}  // namespace fep
