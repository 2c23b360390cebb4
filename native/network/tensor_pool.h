#pragma once

namespace fep {

/// Has large tensors on the CPU take their memory from a pool that keeps what one of them gave back for the
/// next, for the whole process. May be called again. Does nothing where there is no mmap().
///
/// A network's tensors are tens of megabytes, and every iteration asks for the same ones again. The C library
/// either fetches such memory from the system each time, page fault by page fault, or keeps it in a heap that
/// small tensors which stay behind cut into pieces: half as much again as is in use.
void pool_large_tensors();

/// Returns to the system what the pool holds of freed memory.
void empty_tensor_pool();

}  // namespace fep
