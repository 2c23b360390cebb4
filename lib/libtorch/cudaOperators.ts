/** The file of the CUDA operators, in a build and in the package that brings them. */
export const CUDA_OPERATORS = 'libfep_ops_cuda.so';
