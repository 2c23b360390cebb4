import { type InputOverrides, overrideInput, type ResizeFilter } from '../manifest/inputOverrides';
import { type ModelInput, parseInput, type Sampling } from '../manifest/manifest';

/** One way to preprocess a clip. */
export interface Alternative {
  /** The changes to the model's input; empty for the model's own preprocessing. */
  change: InputOverrides;
  /** The changed input. */
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
 * All combinations of the settings in which pipelines differ: frame of a segment, antialiasing and interpolation of
 * the resize, channel order, pixel range. The model's own comes first, then those with one change, two changes, and
 * so on: 96 in all, 128 if the model has a custom pixel range.
 */
export function alternatives(input: ModelInput): Alternative[] {
  const changes = choices(input).reduce<InputOverrides[]>(
    (sofar, more) => sofar.flatMap((change) => more.map((one) => ({ ...change, ...one }))),
    [{}],
  );
  return changes
    .sort((a, b) => changeCount(a) - changeCount(b))
    .map((change) => ({ change, input: parseInput(overrideInput(input, change)) }));
}

/** For each setting: no change, and every other value. */
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

function changeCount({ resize = {}, ...rest }: InputOverrides): number {
  return Object.keys(rest).length + Object.keys(resize).length;
}
