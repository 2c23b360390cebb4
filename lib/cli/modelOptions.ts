import type { Command } from 'commander';
import { readClassNames } from '../manifest/classNames';
import type { InputOverrides } from '../manifest/inputOverrides';
import {
  ACTIVATIONS,
  type Activation,
  AVERAGES,
  type AverageOver,
  type ModelInput,
  type Resize,
  type Sampling,
} from '../manifest/manifest';
import type { LoadModelOptions } from '../model/loadModel';
import { MEMORY_FORMATS, type ModelForm } from '../model/modelForm';
import type { Precision } from '../model/precision';
import { defined } from '../options/defined';
import { choice } from './choices';
import { integer, perChannel, pixelRange, resize, sampling, size } from './values';

/** Values of the options that `addModelOptions` adds. */
export interface ModelFlags {
  layout?: ModelInput['layout'];
  frames?: number;
  size?: { height: number; width: number };
  mean?: [number, number, number];
  std?: [number, number, number];
  channelOrder?: ModelInput['channelOrder'];
  sampling?: Sampling;
  resize?: Resize;
  antialias?: boolean;
  interpolation?: Resize['interpolation'];
  pixelRange?: [number, number];
  activation?: Activation;
  output?: string;
  averageOver?: AverageOver;
  classes?: string;
  device?: string;
  precision?: Precision;
  foldBatchNorm?: boolean;
  memoryFormat?: ModelForm['memoryFormat'];
  winograd?: boolean;
  optimiseGraph?: boolean;
  tune?: boolean;
  threads?: number;
}

/** Where and how a model runs. */
export function addDeviceOptions(command: Command): Command {
  return command
    .option('--device <device>', 'auto, cpu, cuda or cuda:<index>', 'auto')
    .addOption(
      choice('--precision <format>', "the model's arithmetic", ['float32', 'tf32', 'bfloat16']).default(
        'float32',
      ),
    )
    .option('--fold-batch-norm', 'multiply batch normalisation into convolutions: often faster')
    .addOption(choice('--memory-format <format>', "how convolutions' weights lie in memory", MEMORY_FORMATS))
    .option('--winograd', "convolutions of three taps by Winograd's filtering; float32 on a CPU")
    .option('--optimise-graph', "TorchScript's profiling executor instead of its interpreter")
    .option('--threads <n>', "threads inside libtorch's operators", integer);
}

const SAMPLING_HELP =
  'uniform[:start|middle|end|step] or dense[:STRIDE][:start|middle|end] (default: uniform:middle)';

/** The same, and what a bare TorchScript file does not say of itself. */
export function addModelOptions(command: Command): Command {
  return addDeviceOptions(command)
    .option('--tune', 'measure once which of these forms is fastest here, and take it')
    .optionsGroup('For a TorchScript file without a manifest:')
    .addOption(choice('--layout <order>', "order of the input's axes", ['NCTHW', 'NTCHW']))
    .option('--frames <n>', 'frames that the model sees', integer)
    .option('--size <pixels>', 'frame size, N or HEIGHTxWIDTH', size)
    .option(
      '--pixel-range <low..high>',
      'black and white before --mean and --std (default: 0..1)',
      pixelRange,
    )
    .option('--mean <values>', 'mean of the pixels in that range, one or three numbers', perChannel)
    .option('--std <values>', 'standard deviation, one or three numbers', perChannel)
    .addOption(choice('--channel-order <order>', "order of the input's colours", ['RGB', 'BGR']))
    .option('--sampling <how>', SAMPLING_HELP, sampling)
    .option('--resize <how>', 'stretch, stretch:HEIGHTxWIDTH or short-side:PIXELS', resize)
    .option('--antialias', 'average all pixels under a new one, as Pillow does (default)')
    .option('--no-antialias', 'interpolate between those next to its centre, as cv2.resize does')
    .addOption(choice('--interpolation <kind>', 'of resizing (default: bilinear)', ['bilinear', 'bicubic']))
    .addOption(choice('--activation <kind>', 'what the model returns', ACTIVATIONS))
    .option('--output <index|name>', 'which of several tensors that it returns is the answer')
    .addOption(choice('--average-over <axis>', 'where it gives several answers to one clip', AVERAGES))
    .option('--classes <file>', 'class names: any text or JSON file');
}

/** A place where it is a number, else a name. */
function tensorChoice(text: string): number | string {
  return /^\d+$/.test(text) ? Number(text) : text;
}

/** The flags as `loadModel` takes them. */
export function loadOptions(flags: ModelFlags): LoadModelOptions {
  const { layout, frames, mean, std, channelOrder, activation, device, precision } = flags;
  const { foldBatchNorm, memoryFormat, winograd, optimiseGraph, tune, threads } = flags;
  const input = defined({
    layout,
    frames,
    ...flags.size,
    mean,
    std,
    channelOrder,
    sampling: flags.sampling,
    resize: resizeFlags(flags),
    pixelRange: flags.pixelRange,
  });
  return {
    input,
    ...defined({ activation, averageOver: flags.averageOver }),
    ...(flags.output !== undefined && { tensor: tensorChoice(flags.output) }),
    ...(flags.classes !== undefined && { classes: readClassNames(flags.classes) }),
    ...(device && { device }),
    ...(precision && { precision }),
    ...defined({ foldBatchNorm, memoryFormat, winograd, optimiseGraph, tune, threads }),
  };
}

/** What the flags say of resizing, which may be a part of it: the rest is as the manifest says. */
function resizeFlags({ resize, antialias, interpolation }: ModelFlags): InputOverrides['resize'] {
  const all = { ...resize, ...defined({ antialias, interpolation }) };
  return Object.keys(all).length > 0 ? all : undefined;
}
