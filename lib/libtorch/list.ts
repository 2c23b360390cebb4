import { type Candidate, libtorchCandidates, type SearchOptions } from './candidates';
import { inspectLibtorch } from './inspect';

/** A searched place and what was found there. */
export interface ListedLibtorch extends Candidate {
  /** `used`: the one that a run uses; `usable`: good, but later in the search order; others are rejected. */
  status: 'used' | 'usable' | 'absent' | 'incomplete' | 'damaged' | 'version';
  version?: string;
  variant?: string;
  /** Why it is rejected. */
  reason?: string;
}

/** Every place in search order with what was found there. */
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
