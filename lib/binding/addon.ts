import type { Binding as Seam } from '../../binding';
import { FepError, messageOf } from '../errors/fepError';
import { explainAddonFailure } from '../libtorch/explainAddonFailure';
import { librariesInLoadOrder, openLibraries } from '../libtorch/libraries';
import { libraryProblem } from '../libtorch/libraryProblem';
import { type LoadOptions, probeLibtorch } from '../libtorch/load';
import { type LocatedLibtorch, locateLibtorch } from '../libtorch/locate';
import { findNativeFiles } from '../libtorch/nativeFiles';
import { probe } from '../libtorch/probe';
import type { NativeAttributionOptions, NativeMaskOptions } from '../methods/native';

/** What the addon exports, with the options that lib/methods makes for it. */
type Binding = Seam<NativeMaskOptions, NativeAttributionOptions>;

let loaded: { addon: Binding; libtorch: LocatedLibtorch } | undefined;

/**
 * The native addon with its libtorch, loaded on the first call.
 *
 * @throws FepError FEP_ADDON_LOAD with possible solutions, or what `locateLibtorch` throws
 */
export function loadAddon(options: LoadOptions = {}): Binding {
  loaded ??= load(options);
  return loaded.addon;
}

/** The libtorch that the addon uses; undefined before `loadAddon`. */
export function loadedLibtorch(): LocatedLibtorch | undefined {
  return loaded?.libtorch;
}

function load(options: LoadOptions): { addon: Binding; libtorch: LocatedLibtorch } {
  const { addon, loader, operators } = findNativeFiles(options.nativeFolders);
  for (const file of [addon, loader, ...operators]) {
    const broken = libraryProblem(file);
    if (broken) throw addonError(file, broken);
  }
  const libtorch = locateLibtorch(options);
  const libraries = librariesInLoadOrder(libtorch.libDir);
  const problem = probe({ loader, libraries, addon, companions: operators }, options);
  if (problem !== undefined) {
    probeLibtorch(libtorch, { ...options, loader }); // throws if libtorch itself is the cause
    throw addonError(addon, problem);
  }
  try {
    openLibraries(loader, libraries);
    return { addon: require(addon) as Binding, libtorch };
  } catch (error) {
    throw addonError(addon, messageOf(error), error);
  }
}

function addonError(file: string, reason: string, cause?: unknown): FepError {
  const options = { hint: explainAddonFailure(reason), ...(cause !== undefined && { cause }) };
  return new FepError('FEP_ADDON_LOAD', `The native addon cannot be loaded: ${file}: ${reason}.`, options);
}
