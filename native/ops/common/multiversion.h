#pragma once

/// FEP_MULTIVERSION compiles a kernel once for each x86-64 level and lets the loader pick the best that the
/// machine has, so that one binary runs everywhere and still uses wide vectors. Elsewhere it does nothing.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && defined(__linux__)
#define FEP_MULTIVERSION __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define FEP_MULTIVERSION
#endif

/// Kernel bodies are templates over the scalar; they have to be inlined into the multiversioned functions, or
/// they would be compiled for the oldest machine only.
#define FEP_INLINE inline __attribute__((always_inline))

/// The same for lambdas, after their parameters.
#define FEP_INLINE_LAMBDA __attribute__((always_inline))
