import { CONTROLS } from '../methods/controls';
import { METHODS, type Method } from '../methods/methods';

/** What can be evaluated: every method, and the oracle, whose mask is the boxes themselves. */
export const EVALUATED_METHODS = [...METHODS, 'oracle'] as const;
/** A method of explanation, or the oracle. */
export type EvaluatedMethod = Method | 'oracle';

/** Rows that show what the numbers of the others are worth; they take no part in the ranking. */
const CONTROL_NAMES: readonly EvaluatedMethod[] = [...CONTROLS.map(({ name }) => name), 'oracle'];

/** The rows of the paper's tables, then the controls. */
export const DEFAULT_METHODS: readonly EvaluatedMethod[] = [
  'gradients',
  'integrated-gradients',
  'smoothgrad',
  'grad-cam',
  'grad-cam-plus-plus',
  'ep',
  'step',
  'f-ep',
  ...CONTROL_NAMES,
];

export function isControl(method: EvaluatedMethod): boolean {
  return CONTROL_NAMES.includes(method);
}
