import { FepError, messageOf } from '../../errors/fepError';
import type { BenchCallOptions } from '../settings/types';
import type { Item } from './items';
import type { Journal } from './journal';
import type { BenchFailure } from './record';

/**
 * Notes an item's failure and lets the run go on, or ends it with the item's name.
 *
 * @throws FepError unless the run skips errors; an abort always
 */
export function settleFailure(
  { model, sample, place, method }: Item,
  error: unknown,
  { skipErrors, onRemark, signal }: BenchCallOptions,
  errors: Journal<BenchFailure>,
): void {
  const fep = error instanceof FepError ? error : undefined;
  if (fep?.code === 'FEP_ABORTED' || signal?.aborted) throw error;
  const code = fep?.code ?? 'FEP_INTERNAL';
  const message = messageOf(error);
  const item = `${model}, ${sample.id}, ${method.label}`;
  if (!skipErrors) {
    throw new FepError(code, `${item}: ${message}`, {
      cause: error,
      hint: fep?.hint ?? 'Mend it, or go on without it: --skip-errors.',
    });
  }
  onRemark?.(`failed: ${item}: ${message}`);
  errors.append({ model, sample: sample.id, place, method: method.label, code, message });
}
