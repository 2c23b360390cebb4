import { type InputOverrides, overrideInput, type ResizeFilter } from '../manifest/inputOverrides';
import { type ModelInput, parseInput, type Sampling } from '../manifest/manifest';

/** One way to feed a model. */
export interface Alternative {
  /** What of the model's input would have to be changed for it; nothing for the way that it is. */
  change: InputOverrides;
  /** The input after that. */
  input: ModelInput;
}

const OFFSETS = {
  uniform: ['middle', 'start', 'end', 'step'],
  dense: ['middle', 'start', 'end'],
} as const;

const RANGES: readonly [number, number][] = [
  [0, 1],
  [0, 255],
  [-1, 1],
];

/**
 * The ways to feed a model that pipelines differ in, in every combination: which frame of a segment is taken,
 * antialiasing and interpolation of the resize, order of the colours, range of the pixels. The model's own way comes
 * first, then those that differ from it in one thing, in two, and so on: 96 in all, 128 with a range of its own.
 */
export function alternatives(input: ModelInput): Alternative[] {
  const changes = choices(input).reduce<InputOverrides[]>(
    (sofar, more) => sofar.flatMap((change) => more.map((one) => ({ ...change, ...one }))),
    [{}],
  );
  return changes
    .sort((a, b) => thingsIn(a) - thingsIn(b))
    .map((change) => ({ change, input: parseInput(overrideInput(input, change)) }));
}

/** For each thing that can be changed: nothing, and every other value of it. */
function choices(input: ModelInput): InputOverrides[][] {
  const { sampling, resize, pixelRange } = input;
  const offsets = OFFSETS[sampling.type].filter((offset) => offset !== sampling.offset);
  const antialias = !resize.antialias;
  const interpolation = resize.interpolation === 'bilinear' ? 'bicubic' : 'bilinear';
  const filters: ResizeFilter[] = [{ antialias }, { interpolation }, { antialias, interpolation }];
  const ranges = RANGES.filter(([low, high]) => low !== pixelRange[0] || high !== pixelRange[1]);
  return [
    [{}, ...offsets.map((offset) => ({ sampling: { ...sampling, offset } as Sampling }))],
    [{}, ...filters.map((filter) => ({ resize: filter }))],
    [{}, { channelOrder: input.channelOrder === 'RGB' ? 'BGR' : 'RGB' }],
    [{}, ...ranges.map((range) => ({ pixelRange: range }))],
  ];
}

function thingsIn({ resize = {}, ...rest }: InputOverrides): number {
  return Object.keys(rest).length + Object.keys(resize).length;
}
