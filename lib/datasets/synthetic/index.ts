export { type Box, tightBox } from './box';
export { labelOf, SYNTHETIC_CLASSES, type SyntheticClass } from './classes';
export {
  DIFFICULTIES,
  type Difficulty,
  type DifficultyName,
  resolveSynthesis,
  type Synthesis,
  type SynthesisOptions,
} from './options';
export { encodeClip, encodeHeader, type SyntheticRange, syntheticClips, writeClips } from './stream';
export { type SyntheticClip, synthesize } from './synthesize';
