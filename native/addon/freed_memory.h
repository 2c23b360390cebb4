#pragma once

namespace fep {

/// Keeps the memory that one iteration frees for the next: that of large tensors in a pool
/// (network/tensor_pool.h), the rest in the C library, unless the user has set malloc's thresholds. Applies
/// to the whole process; may be called again.
void keep_memory_between_iterations();

/// Returns to the system the freed memory that the pool and the C library keep: of all threads, and of this
/// one completely.
///
/// What is kept for the next run, hundreds of megabytes, is out of reach of other programs until then. Takes
/// some tens of milliseconds, and the next allocations have to fetch the memory again.
void give_back_freed_memory();

}  // namespace fep
