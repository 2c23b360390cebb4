import type { InputOverrides } from '../manifest/inputOverrides';
import type { Sampling } from '../manifest/manifest';

/** The flags that make a change of how a model is fed: `--no-antialias`, `--sampling uniform:step`. */
export function preprocessingFlags({ resize, sampling, channelOrder, pixelRange }: InputOverrides): string[] {
  const { antialias, interpolation } = resize ?? {};
  return [
    ...(antialias === undefined ? [] : [antialias ? '--antialias' : '--no-antialias']),
    ...(interpolation === undefined ? [] : [`--interpolation ${interpolation}`]),
    ...(sampling === undefined ? [] : [`--sampling ${samplingFlag(sampling)}`]),
    ...(channelOrder === undefined ? [] : [`--channel-order ${channelOrder}`]),
    ...(pixelRange === undefined ? [] : [`--pixel-range ${pixelRange.join('..')}`]),
  ];
}

function samplingFlag(sampling: Sampling): string {
  const { type, offset = 'middle' } = sampling;
  return [type, ...(type === 'dense' ? [sampling.stride ?? 1] : []), offset].join(':');
}
