#pragma once

// Which operators the .cu files implement: fep's for CUDA devices. The tests register the same functions,
// compiled for the CPU, as operators of a library of their own.
#if defined(FEP_ON_HOST)
#if !defined(FEP_OPERATORS)
#define FEP_OPERATORS fep_on_host
#endif
#define FEP_DEVICE CPU
#else
#define FEP_OPERATORS fep
#define FEP_DEVICE CUDA
#endif
