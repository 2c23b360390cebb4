import { z } from 'zod';
import { option } from './option';

const cells = z.number().int().min(1).max(1024);

/** The random grid of `rise` and `random`. */
export const gridOption = {
  /**
   * Cells of the random grid along T, H and W; default 4, 7 and 7: about as large as the published ones, 1/7 of a side,
   * and a quarter of a clip long.
   */
  cells: option(z.tuple([cells, cells, cells]), {
    help: 'random grid of rise and random',
    value: 't,h,w',
    default: [4, 7, 7],
  }),
};
