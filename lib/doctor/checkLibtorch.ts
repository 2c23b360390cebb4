import { FepError, messageOf } from '../errors/fepError';
import { type LocatedLibtorch, locateLibtorch } from '../libtorch/locate';
import type { Check, DoctorOptions } from './check';

/** A libtorch of the supported version, and its location. */
export function checkLibtorch(options: DoctorOptions = {}): { check: Check; libtorch?: LocatedLibtorch } {
  const name = 'libtorch';
  try {
    const libtorch = locateLibtorch(options);
    const detail = `${libtorch.version} ${libtorch.variant} in ${libtorch.root} (${libtorch.origin})`;
    return { check: { name, status: 'ok', detail }, libtorch };
  } catch (error) {
    return { check: { name, status: 'fail', detail: messageOf(error), ...fixOf(error) } };
  }
}

/** The hint of an error as the fix. */
export function fixOf(error: unknown): { fix?: string } {
  return error instanceof FepError && error.hint !== undefined ? { fix: error.hint } : {};
}
