/** The small addon of native/loader. */
interface Loader {
  /** Opens shared libraries by path, their symbols local; throws the dynamic linker's reason. */
  open(paths: readonly string[]): void;
}

/**
 * How often libtorch's OpenMP threads look for work before they sleep. Its default spins for milliseconds: on a machine
 * with other work, waiting threads then take the cores from those they wait for, and an iteration takes four
 * times as long.
 */
const SPIN_COUNT = '1000';

/** Opens shared libraries, each after those it needs, for the life of the process. */
export function openLibraries(loader: string, libraries: readonly string[]): void {
  // Read once, when the OpenMP runtime is loaded along with libtorch.
  if (!process.env.OMP_WAIT_POLICY) process.env.GOMP_SPINCOUNT ??= SPIN_COUNT;
  (require(loader) as Loader).open(libraries);
}
