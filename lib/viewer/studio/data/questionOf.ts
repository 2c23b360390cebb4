import type { RunRequest } from '../../../studio/api';
import { DEFAULT_METHOD, type Question } from './address';
import { typedOf } from './options';

/** The form that asks what a run was asked. */
export function questionOf({ clip, model, options }: RunRequest): Question {
  const { method = DEFAULT_METHOD, target } = options;
  return {
    clip,
    model,
    method: String(method),
    targets: target === undefined ? [] : [String(target)],
    options: typedOf(options),
  };
}
