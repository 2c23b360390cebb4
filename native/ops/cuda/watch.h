#pragma once

#include <cstddef>

// Where the tests compile the kernels for the CPU, they may look at what threads read and write between two
// barriers (test/native/race_watch.cc). Everywhere else these do nothing.

namespace fep::cuda {

#if defined(FEP_WATCHED)

/// Calls that stand for threads, or for blocks, that run at once: none may touch what another one writes.
/// Watches may lie within each other, as the threads of a block do.
class Watch {
 public:
  /// @param frame below it, the stack is the running call's own
  explicit Watch(const void* frame);
  ~Watch();
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;
  void begin(int which) const;
};

/// What is done in its scope is atomic. Two atomic accesses never race; an atomic one and a plain one do.
struct Atomically {
  Atomically();
  ~Atomically();
};

/// Memory of the running block alone, which another block may have at the same address later.
class OwnMemory {
 public:
  OwnMemory(const void* begin, std::size_t size);
  ~OwnMemory();
  OwnMemory(const OwnMemory&) = delete;
  OwnMemory& operator=(const OwnMemory&) = delete;
};

#else

struct Watch {
  explicit Watch(const void*) {}
  void begin(int) const {}
};

struct Atomically {
  Atomically() {}
};

struct OwnMemory {
  OwnMemory(const void*, std::size_t) {}
};

#endif

}  // namespace fep::cuda
