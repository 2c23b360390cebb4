#include "network/tensor_pool.h"

#if defined(__linux__) && !defined(__SANITIZE_ADDRESS__)
#define FEP_HAS_POOL
#endif

#if defined(FEP_HAS_POOL)
#include <c10/core/CPUAllocator.h>
#include <sys/mman.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <utility>
#include <vector>

namespace fep {
namespace {

/// A large page: one page fault instead of 512. Every block begins at the boundary of one.
constexpr std::size_t kLargePage = std::size_t{2} << 20;

/// Blocks smaller than a large page are multiples of this, of two at least: less is left to libtorch.
constexpr std::size_t kSmallUnit = std::size_t{128} << 10;
constexpr std::size_t kFewestBytes = 2 * kSmallUnit;

std::size_t block_size(std::size_t bytes) {
  const auto unit = bytes < kLargePage ? kSmallUnit : kLargePage;
  return (bytes + unit - 1) / unit * unit;
}

struct Block {
  std::byte* begin;
  std::size_t size;
};

/// Maps a block at the boundary of a large page; an empty one when the system has none.
Block map_block(std::size_t size) {
  void* whole = mmap(nullptr, size + kLargePage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (whole == MAP_FAILED) return {};
  auto* const from = static_cast<std::byte*>(whole);
  const auto before = (kLargePage - reinterpret_cast<std::uintptr_t>(from) % kLargePage) % kLargePage;
  if (before > 0) munmap(from, before);
  if (before < kLargePage) munmap(from + before + size, kLargePage - before);
  if (size >= kLargePage) madvise(from + before, size, MADV_HUGEPAGE);
  return {from + before, size};
}

/// Allocates tensors of a quarter of a megabyte and more; smaller ones are left to libtorch's own allocator.
class TensorPool final : public c10::Allocator {
 public:
  static TensorPool& instance() {
    // Never destroyed: libtorch's global objects may free tensors after ours are gone.
    static auto* const pool = std::make_unique<TensorPool>().release();
    return *pool;
  }

  c10::DataPtr allocate(std::size_t bytes) override {
    void* data = bytes < kFewestBytes ? nullptr : allocate_large(bytes);
    if (!data) data = small_->raw_allocate(bytes);  // which throws, where there is none either
    return {data, data, &give_back, c10::Device(c10::DeviceType::CPU)};
  }

  /// oneDNN allocates and frees its scratch space through this.
  c10::DeleterFnPtr raw_deleter() const override { return &give_back; }

  void copy_data(void* to, const void* from, std::size_t bytes) const override {
    default_copy_data(to, from, bytes);
  }

  void empty() {
    const std::lock_guard lock(mutex_);
    unmap_kept();
  }

 private:
  static void give_back(void* data) {
    auto& pool = instance();
    const bool may_be_large = reinterpret_cast<std::uintptr_t>(data) % kLargePage == 0;
    if (!may_be_large || !pool.put(static_cast<std::byte*>(data))) pool.small_->raw_deallocate(data);
  }

  /// nullptr when the system has no such block.
  void* allocate_large(std::size_t bytes) {
    const auto block = take(block_size(bytes));
    if (block.begin) c10::profiledCPUMemoryReporter().New(block.begin, bytes);
    return block.begin;
  }

  Block take(std::size_t size) {
    const std::lock_guard lock(mutex_);
    auto block = take_kept(size);
    if (!block.begin) block = map_block(size);
    if (!block.begin) {
      unmap_kept();
      block = map_block(size);
    }
    if (block.begin) lent_.emplace(block.begin, block.size);
    return block;
  }

  /// The smallest of the kept blocks that is large enough, if no more than half of it is wasted.
  Block take_kept(std::size_t size) {
    auto best = kept_.end();
    for (auto block = kept_.begin(); block != kept_.end(); ++block) {
      if (block->size < size || block->size - size > block->size / 2) continue;
      if (best == kept_.end() || block->size < best->size) best = block;
    }
    if (best == kept_.end()) return {};
    const auto block = *best;
    kept_.erase(best);
    return block;
  }

  /// Returns whether the block is the pool's.
  bool put(std::byte* begin) {
    const std::lock_guard lock(mutex_);
    const auto lent = lent_.extract(begin);
    if (lent.empty()) return false;
    c10::profiledCPUMemoryReporter().Delete(begin);
    kept_.push_back({begin, lent.mapped()});
    return true;
  }

  void unmap_kept() {
    for (const auto& block : kept_) munmap(block.begin, block.size);
    kept_.clear();
  }

  c10::Allocator* small_ = c10::GetDefaultCPUAllocator();
  std::mutex mutex_;
  std::vector<Block> kept_;  ///< free, for the next tensors
  std::unordered_map<std::byte*, std::size_t> lent_;
};

}  // namespace

void pool_large_tensors() {
  c10::SetCPUAllocator(&TensorPool::instance());
}

void empty_tensor_pool() {
  TensorPool::instance().empty();
}

}  // namespace fep

#else

namespace fep {

void pool_large_tensors() {}
void empty_tensor_pool() {}

}  // namespace fep

#endif
