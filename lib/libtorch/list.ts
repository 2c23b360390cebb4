import { type Candidate, libtorchCandidates, type SearchOptions } from './candidates';
import { inspectLibtorch } from './inspect';

/** A place that is searched, and what was found there. */
export interface ListedLibtorch extends Candidate {
  /** `used`: what a run takes; `usable`: good, but another comes first; the others are refused. */
  status: 'used' | 'usable' | 'absent' | 'incomplete' | 'damaged' | 'version';
  version?: string;
  variant?: string;
  /** Why it is refused. */
  reason?: string;
}

/** Every place of the search order with what was found there. */
export function listLibtorch(options: SearchOptions = {}): ListedLibtorch[] {
  const rows: ListedLibtorch[] = [];
  let decided = false;
  for (const candidate of libtorchCandidates(options)) {
    const found = inspectLibtorch(candidate.path);
    if (found.usable) {
      const { version, variant } = found;
      rows.push({ ...candidate, path: found.root, status: decided ? 'usable' : 'used', version, variant });
      decided = true;
    } else {
      const { usable: _, kind, ...rest } = found;
      rows.push({ ...candidate, status: kind, ...rest });
      if (candidate.origin === 'FEP_LIBTORCH') decided = true;
    }
  }
  return rows;
}
