import { describeMethod } from './method';

/** What the tokens of a transformer attend to, from layer to layer. */
export const ATTENTION = [
  describeMethod(
    'attention-rollout',
    'Attention rollout',
    'what the tokens of a transformer attend to through all its layers; of no class in particular',
    {},
  ),
  describeMethod(
    'gradient-attention',
    'Gradient-weighted attention',
    "the same of the attention that raises the class's score",
    {},
  ),
] as const;
