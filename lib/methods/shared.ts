import { z } from 'zod';
import { option } from './option';
import { PERTURBATIONS } from './perturbation';

/** What every method can be told. */
export const sharedOptions = {
  /** The class to explain, by name or index; default the class that the model predicts. */
  target: option(z.union([z.string(), z.number().int().min(0)]), {
    help: 'class to explain',
    value: 'class|index',
    default: null,
    defaultText: 'the one the model predicts',
  }),
  /** What takes the place of what the mask does not keep. */
  perturbation: option(z.enum(PERTURBATIONS), {
    help: 'what replaces what is not kept',
    value: 'kind',
    default: 'blur',
  }),
  /** Of all random numbers, so that a run can be repeated; default 0. F-EP and its peers draw none. */
  seed: option(z.number().int().min(0), {
    help: 'of the methods that draw random numbers',
    value: 'n',
    default: 0,
  }),
};
