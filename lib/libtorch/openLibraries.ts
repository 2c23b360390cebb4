/** The small addon of native/loader. */
interface Loader {
  /** Opens shared libraries by path, their symbols local; throws the dynamic linker's reason. */
  open(paths: readonly string[]): void;
}

/** Opens shared libraries, each after those it needs, for the life of the process. */
export function openLibraries(loader: string, libraries: readonly string[]): void {
  (require(loader) as Loader).open(libraries);
}
