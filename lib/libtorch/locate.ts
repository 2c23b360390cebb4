import { FepError } from '../errors/fepError';
import { isClone } from '../package/cache';
import { type Candidate, type LibtorchOrigin, libtorchCandidates, type SearchOptions } from './candidates';
import { inspectLibtorch, type Libtorch, type Refusal } from './inspect';
import { LIBTORCH_MINOR } from './version';

/** A place that was looked at and refused. */
export type Tried = Candidate & Refusal;

export interface LocatedLibtorch extends Libtorch {
  origin: LibtorchOrigin;
  /** The places before it in the search order, and why they were refused. */
  tried: Tried[];
}

/**
 * The libtorch to use: the first usable one in the search order of `libtorchCandidates`.
 *
 * @throws FepError FEP_LIBTORCH_NOT_FOUND, listing every place that was tried and why it was refused;
 *   FEP_VERSION_MISMATCH if another version is all that was found. A bad `FEP_LIBTORCH` is never passed over.
 */
export function locateLibtorch(options: SearchOptions = {}): LocatedLibtorch {
  const tried: Tried[] = [];
  for (const candidate of libtorchCandidates(options)) {
    const found = inspectLibtorch(candidate.path);
    if (found.usable) {
      const { usable: _, ...libtorch } = found;
      return { ...libtorch, origin: candidate.origin, tried };
    }
    const { usable: _, ...refusal } = found;
    tried.push({ ...candidate, ...refusal });
    if (candidate.origin === 'FEP_LIBTORCH') throw refuseExplicit(tried);
  }
  throw refuseAll(tried);
}

/** The one command that brings a libtorch. */
export function installCommand(): string {
  return isClone() ? 'npm run setup' : 'npx fep-native libtorch install';
}

function refuseExplicit(tried: Tried[]): FepError {
  const { path, reason } = tried[0] as Tried;
  return new FepError(codeFor(tried), `FEP_LIBTORCH (${path}) cannot be used: ${reason}.`, {
    hint: `Point FEP_LIBTORCH at a libtorch ${LIBTORCH_MINOR}.x, or unset it and run: ${installCommand()}`,
  });
}

function refuseAll(tried: Tried[]): FepError {
  const lines = tried.map(({ origin, path, reason }) => `  - ${origin}: ${path}: ${reason}`);
  return new FepError(
    codeFor(tried),
    [`No libtorch ${LIBTORCH_MINOR}.x was found. Tried:`, ...lines].join('\n'),
    {
      hint: `Run: ${installCommand()}`,
    },
  );
}

/** A wrong version is named as such only when it is the sole thing that stands in the way. */
function codeFor(tried: Tried[]): 'FEP_VERSION_MISMATCH' | 'FEP_LIBTORCH_NOT_FOUND' {
  const present = tried.filter(({ kind }) => kind !== 'absent');
  const onlyVersions = present.length > 0 && present.every(({ kind }) => kind === 'version');
  return onlyVersions ? 'FEP_VERSION_MISMATCH' : 'FEP_LIBTORCH_NOT_FOUND';
}
