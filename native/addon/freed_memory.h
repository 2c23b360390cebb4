#pragma once

namespace fep {

/// Has the C library keep the memory that one iteration frees for the next, unless the user has set malloc's
/// thresholds. For the whole process; may be called again. Does nothing without glibc.
void keep_memory_between_iterations();

/// Returns to the system what the C library keeps of freed memory: of all threads, and all of this one's.
///
/// Tensors of many sizes come and go, and glibc holds on to what lies between those that stay: hundreds of
/// megabytes that nobody uses and no other program can have. Takes some tens of milliseconds, and whoever
/// allocates next has to fetch the memory again. Does nothing without glibc.
void give_back_freed_memory();

}  // namespace fep
