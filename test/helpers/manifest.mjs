import { TINY } from './golden.mjs';

/** A model's manifest, as far as presets look at it. */
export const manifest = (size, architecture = 'R(2+1)D') => ({
  schemaVersion: 1,
  name: 'made up',
  architecture,
  input: { ...TINY.input, height: size, width: size, mean: [0.5, 0.25, 0.1], std: [0.5, 0.5, 0.2] },
  output: { classes: [], activation: 'logits' },
  methods: [],
});
