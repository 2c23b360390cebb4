#pragma once

namespace fep {

/// Has the memory that one iteration frees kept for the next: large tensors' in a pool
/// (network/tensor_pool.h), the rest by the C library, unless the user has set malloc's thresholds. For the
/// whole process; may be called again.
void keep_memory_between_iterations();

/// Returns to the system what the pool and the C library keep of freed memory: of all threads, and all of
/// this one's.
///
/// Memory of many sizes comes and goes, and what is kept of it for the next run is of no use to anybody until
/// then: hundreds of megabytes that no other program can have. Takes some tens of milliseconds, and whoever
/// allocates next has to fetch the memory again.
void give_back_freed_memory();

}  // namespace fep
