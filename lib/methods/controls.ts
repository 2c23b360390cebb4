import { describeMethod } from './method';
import { gridOption } from './randomGrid';

/** Controls that know nothing of the model. */
export const CONTROLS = [
  describeMethod('random', 'Random', 'control: a random grid', gridOption),
  describeMethod('center', 'Center', 'control: a Gaussian in the middle of every frame', {}),
] as const;
