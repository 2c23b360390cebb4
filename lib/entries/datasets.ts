/**
 * fep-native/datasets: labelled clips with boxes, from UCF101-24, EPIC-Kitchens, a folder, or made on the fly.
 */
export { openDataset } from '../datasets/open';
export type { DatasetOptions, SetDifficulty } from '../datasets/options';
export {
  type Box,
  type Difficulty,
  type DifficultyName,
  SYNTHETIC_CLASSES,
  type SynthesisOptions,
  type SyntheticClip,
  synthesize,
} from '../datasets/synthetic';
export type { AnnotatedClip, BoxMask, Dataset, DatasetProblem, Sample } from '../datasets/types';
