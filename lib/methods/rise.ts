import { z } from 'zod';
import { describeMethod } from './method';
import { option } from './option';
import { gridOption } from './randomGrid';

const riseOptions = {
  /** Random masks; default 500. */
  samples: option(z.number().int().min(1).max(1_000_000), {
    help: 'masks of rise',
    value: 'n',
    default: 500,
  }),
  ...gridOption,
};

/** Random masks over space and time. */
export const RISE = [
  describeMethod('rise', 'RISE', 'random masks over space and time, no gradients', riseOptions),
] as const;
