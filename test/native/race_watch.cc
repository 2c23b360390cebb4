// Finds races of the CUDA kernels on the CPU. The kernels are compiled with -fsanitize=thread, so that the
// compiler announces every read and write; but they are linked with the functions below instead of
// ThreadSanitizer. What the threads of a block touch between two barriers, and the blocks of a launch, is
// compared byte by byte: a race is a byte that one writes and another touches. As they run one after the
// other here, no pair of them is missed.
//
// This file itself is compiled without that option.

#include <cstdint>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "ops/cuda/watch.h"

namespace {

constexpr int kNobody = -1;
constexpr int kSeveral = -2;

/// Who has touched a byte, and how.
struct Touched {
  int readers = kNobody;
  int writers = kNobody;
  int atomic = kNobody;
};

bool is_another(int who, int than) {
  return who != kNobody && who != than;
}

int together(int before, int now) {
  return before == kNobody || before == now ? now : kSeveral;
}

struct Scope {
  std::uintptr_t frame;  ///< below it, the stack is the running call's own
  int running = kNobody;
  std::unordered_map<std::uintptr_t, Touched> bytes;
  std::vector<std::pair<std::uintptr_t, std::uintptr_t>> own;
};

std::vector<Scope> scopes;
bool atomically = false;
std::int64_t accesses = 0;
std::vector<std::string> races;

constexpr std::size_t kMostRaces = 20;

void report(const Scope& scope, const Touched& byte, bool write) {
  if (races.size() >= kMostRaces) return;
  const auto name = [](int who) { return who == kSeveral ? std::string("several") : std::to_string(who); };
  races.push_back(std::string(&scope == &scopes.front() ? "blocks or elements: " : "threads of a block: ") +
                  std::to_string(scope.running) + (write ? " writes" : " reads") + " what " +
                  name(byte.writers != kNobody ? byte.writers : byte.readers) +
                  (byte.writers != kNobody ? " writes" : " reads"));
}

bool is_own(const Scope& scope, std::uintptr_t address, std::uintptr_t here) {
  if (address >= here && address < scope.frame) return true;
  for (const auto& [begin, end] : scope.own) {
    if (address >= begin && address < end) return true;
  }
  return false;
}

void touch(Scope& scope, std::uintptr_t address, bool write) {
  Touched& byte = scope.bytes[address];
  const int now = scope.running;
  const bool clash = is_another(byte.writers, now) || (write && is_another(byte.readers, now)) ||
                     (atomically ? is_another(byte.readers, now) : is_another(byte.atomic, now));
  if (clash) report(scope, byte, write);
  int& who = atomically ? byte.atomic : write ? byte.writers : byte.readers;
  who = together(who, now);
}

void accessed(const void* at, std::size_t size, bool write) {
  if (scopes.empty()) return;
  const auto here = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
  const auto first = reinterpret_cast<std::uintptr_t>(at);
  for (Scope& scope : scopes) {
    if (is_own(scope, first, here)) continue;
    ++accesses;
    for (std::size_t i = 0; i < size; ++i) touch(scope, first + i, write && !atomically);
  }
}

}  // namespace

namespace fep::cuda {

Watch::Watch(const void* frame) {
  scopes.push_back(
      {.frame = reinterpret_cast<std::uintptr_t>(frame), .running = kNobody, .bytes = {}, .own = {}});
}
Watch::~Watch() {
  scopes.pop_back();
}
void Watch::begin(int which) const {
  scopes.back().running = which;
}

Atomically::Atomically() {
  atomically = true;
}
Atomically::~Atomically() {
  atomically = false;
}

OwnMemory::OwnMemory(const void* begin, std::size_t size) {
  const auto from = reinterpret_cast<std::uintptr_t>(begin);
  scopes.back().own.emplace_back(from, from + size);
}
OwnMemory::~OwnMemory() {
  scopes.back().own.pop_back();
}

/// The races since the last call, in words, and how many accesses were looked at.
std::pair<std::vector<std::string>, std::int64_t> take_races() {
  return {std::exchange(races, {}), std::exchange(accesses, 0)};
}

}  // namespace fep::cuda

// What the compiler calls.
extern "C" {

void __tsan_init() {}

#define FEP_ACCESS(size)                        \
  void __tsan_read##size(void* at) {            \
    accessed(at, size, false);                  \
  }                                             \
  void __tsan_write##size(void* at) {           \
    accessed(at, size, true);                   \
  }                                             \
  void __tsan_unaligned_read##size(void* at) {  \
    accessed(at, size, false);                  \
  }                                             \
  void __tsan_unaligned_write##size(void* at) { \
    accessed(at, size, true);                   \
  }                                             \
  void __tsan_volatile_read##size(void* at) {   \
    accessed(at, size, false);                  \
  }                                             \
  void __tsan_volatile_write##size(void* at) {  \
    accessed(at, size, true);                   \
  }
FEP_ACCESS(1)
FEP_ACCESS(2)
FEP_ACCESS(4)
FEP_ACCESS(8)
FEP_ACCESS(16)
#undef FEP_ACCESS

void __tsan_read_range(void* at, std::size_t size) {
  accessed(at, size, false);
}
void __tsan_write_range(void* at, std::size_t size) {
  accessed(at, size, true);
}
void __tsan_vptr_update(void**, void*) {}

// Atomic operations are replaced, not announced. Those here are libtorch's own, for the lives of its objects.
#define FEP_ATOMIC(bits)                                                                                     \
  std::int##bits##_t __tsan_atomic##bits##_load(const volatile std::int##bits##_t* at, int) {                \
    return __atomic_load_n(at, __ATOMIC_SEQ_CST);                                                            \
  }                                                                                                          \
  void __tsan_atomic##bits##_store(volatile std::int##bits##_t* at, std::int##bits##_t value, int) {         \
    __atomic_store_n(at, value, __ATOMIC_SEQ_CST);                                                           \
  }                                                                                                          \
  std::int##bits##_t __tsan_atomic##bits##_fetch_add(volatile std::int##bits##_t* at, std::int##bits##_t by, \
                                                     int) {                                                  \
    return __atomic_fetch_add(at, by, __ATOMIC_SEQ_CST);                                                     \
  }                                                                                                          \
  std::int##bits##_t __tsan_atomic##bits##_fetch_sub(volatile std::int##bits##_t* at, std::int##bits##_t by, \
                                                     int) {                                                  \
    return __atomic_fetch_sub(at, by, __ATOMIC_SEQ_CST);                                                     \
  }                                                                                                          \
  int __tsan_atomic##bits##_compare_exchange_weak(                                                           \
      volatile std::int##bits##_t* at, std::int##bits##_t* expected, std::int##bits##_t value, int, int) {   \
    return __atomic_compare_exchange_n(at, expected, value, true, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);       \
  }
FEP_ATOMIC(8)
FEP_ATOMIC(32)
FEP_ATOMIC(64)
#undef FEP_ATOMIC
}
