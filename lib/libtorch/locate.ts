import { FepError } from '../errors/fepError';
import { isClone } from '../package/cache';
import { type Candidate, type LibtorchOrigin, libtorchCandidates, type SearchOptions } from './candidates';
import { inspectLibtorch, type Libtorch, type Refusal } from './inspect';
import { LIBTORCH_MINOR } from './version';

/** A place that was searched and rejected. */
export type Tried = Candidate & Refusal;

export interface LocatedLibtorch extends Libtorch {
  origin: LibtorchOrigin;
  /** The rejected places before it in the search order. */
  tried: Tried[];
}

/**
 * The first usable libtorch in the search order of `libtorchCandidates`.
 *
 * @throws FepError FEP_LIBTORCH_NOT_FOUND listing every place and why it was rejected; FEP_VERSION_MISMATCH if only
 *   other versions were found. An unusable `FEP_LIBTORCH` is an error, never skipped.
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

/** The command that installs a libtorch. */
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

/** FEP_VERSION_MISMATCH only if a wrong version is the sole problem. */
function codeFor(tried: Tried[]): 'FEP_VERSION_MISMATCH' | 'FEP_LIBTORCH_NOT_FOUND' {
  const present = tried.filter(({ kind }) => kind !== 'absent');
  const onlyVersions = present.length > 0 && present.every(({ kind }) => kind === 'version');
  return onlyVersions ? 'FEP_VERSION_MISMATCH' : 'FEP_LIBTORCH_NOT_FOUND';
}
