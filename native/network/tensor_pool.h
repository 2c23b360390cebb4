#pragma once

namespace fep {

/// Makes large CPU tensors of the whole process take their memory from a pool, which keeps freed blocks for
/// the next tensors. May be called again. Does nothing where there is no mmap().
///
/// A network's tensors are tens of megabytes, and every iteration allocates the same sizes again. The C
/// library either fetches such memory from the system each time, page fault by page fault, or keeps it in a
/// heap that small tensors fragment: half as much again as is in use.
void pool_large_tensors();

/// Returns the pool's freed blocks to the system.
void empty_tensor_pool();

}  // namespace fep
