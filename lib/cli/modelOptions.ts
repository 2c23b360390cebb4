import { type Command, Option } from 'commander';
import { IMPORT_LAYOUTS, type ImportChoices } from '../import/options';
import { readClassNames } from '../manifest/classNames';
import type { InputOverrides } from '../manifest/inputOverrides';
import {
  ACTIVATIONS,
  type Activation,
  AVERAGES,
  LAYOUTS,
  type ModelInput,
  type Resize,
  type Sampling,
  type Tokens,
} from '../manifest/manifest';
import type { LoadModelOptions } from '../model/loadModel';
import { MEMORY_FORMATS, type ModelForm } from '../model/modelForm';
import type { Precision } from '../model/precision';
import { defined } from '../options/defined';
import { choice } from './choices';
import {
  averageOver,
  integer,
  integers,
  perChannel,
  pixelRange,
  resize,
  sampling,
  size,
  tokens,
} from './values';

/** Values of the options that `addModelOptions` adds. */
export interface ModelFlags {
  layout?: NonNullable<ImportChoices['layout']>;
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
  averageOver?: string;
  pathways?: number[];
  classes?: string;
  tokens?: Tokens;
  device?: string;
  precision?: Precision;
  foldBatchNorm?: boolean;
  memoryFormat?: ModelForm['memoryFormat'];
  winograd?: boolean;
  optimiseGraph?: boolean;
  tune?: boolean;
  threads?: number;
  weights?: string;
  python?: string;
  download?: boolean;
  allowPickle?: boolean;
}

/** Adds the options of where and how a model runs. */
export function addDeviceOptions(command: Command): Command {
  return command
    .option('--device <device>', 'auto, cpu, cuda or cuda:<index>', 'auto')
    .addOption(
      choice('--precision <format>', "number format of the model's arithmetic", [
        'float32',
        'tf32',
        'bfloat16',
      ]).default('float32'),
    )
    .option('--fold-batch-norm', 'fold batch normalisation into convolutions: often faster')
    .addOption(choice('--memory-format <format>', 'memory layout of convolution weights', MEMORY_FORMATS))
    .option('--winograd', "Winograd's algorithm for convolutions of three taps; float32 on a CPU")
    .option('--optimise-graph', "use TorchScript's profiling executor instead of its interpreter")
    .option('--threads <n>', "threads inside libtorch's operators", integer);
}

const SAMPLING_HELP =
  'uniform[:start|middle|end|step] or dense[:STRIDE][:start|middle|end] (default: uniform:middle)';

/** Adds the options of a model of another library, which is imported on the way. */
export function addImportOptions(command: Command): Command {
  return command
    .optionsGroup("For another library's model, such as torchvision:NAME:")
    .option('--weights <file>', "the network's state dict: safetensors, or of torch.save")
    .option('--python <file>', 'the Python that has torch and the library (default: the active one)')
    .option('--download', 'let the library fetch weights that this machine lacks')
    .option('--allow-pickle', 'read weights whose loading can run code')
    .option('--pathways <strides>', 'every how many frames each of its inputs takes, as in 4,1', integers);
}

/** `--tokens`. */
export function tokensOption(): Option {
  const help = "a transformer's patches TxHxW, and +N for N class tokens before them";
  return new Option('--tokens <grid>', help).argParser(tokens);
}

/** Adds the device options, those of an import, and those that describe a TorchScript file without a manifest. */
export function addModelOptions(command: Command): Command {
  const placed = addDeviceOptions(command).option(
    '--tune',
    'measure once which of these forms is fastest on this machine, and use it',
  );
  return addInputOptions(addImportOptions(placed).optionsGroup('For a TorchScript file without a manifest:'))
    .addOption(choice('--activation <kind>', 'what the model returns', ACTIVATIONS))
    .addOption(outputOption())
    .addOption(averageOption())
    .option('--classes <file>', 'class names, in a text or JSON file')
    .addOption(tokensOption());
}

/** `--output`. */
export function outputOption(): Option {
  return new Option('--output <index|name>', 'which of several returned tensors is the output');
}

/** `--average-over`. */
export function averageOption(): Option {
  const help = 'average several outputs per clip over time, segments, or in an import axes as in 2,3,4';
  return new Option('--average-over <axis>', help).argParser(averageOver);
}

/** Adds the options that describe a model's input. */
export function addInputOptions(command: Command): Command {
  return command
    .addOption(choice('--layout <order>', "order of the input's axes", IMPORT_LAYOUTS))
    .option('--frames <n>', 'frames that the model sees', integer)
    .option('--size <pixels>', 'frame size, N or HEIGHTxWIDTH', size)
    .option(
      '--pixel-range <low..high>',
      'values of black and white before --mean and --std (default: 0..1)',
      pixelRange,
    )
    .option('--mean <values>', 'mean of the pixels in --pixel-range, one or three numbers', perChannel)
    .option('--std <values>', 'standard deviation, one or three numbers', perChannel)
    .addOption(choice('--channel-order <order>', "order of the input's colour channels", ['RGB', 'BGR']))
    .option('--sampling <how>', SAMPLING_HELP, sampling)
    .option('--resize <how>', 'stretch, stretch:HEIGHTxWIDTH or short-side:PIXELS', resize)
    .option('--antialias', 'average all pixels under a new one, as Pillow does (default)')
    .option('--no-antialias', 'interpolate between the pixels next to its centre, as cv2.resize does')
    .addOption(
      choice('--interpolation <kind>', 'interpolation of resizing (default: bilinear)', [
        'bilinear',
        'bicubic',
      ]),
    );
}

/** The value if a model file may say it too; what only an import takes is in `importChoices`. */
function oneOf<T extends string>(known: readonly T[], value: string | undefined): T | undefined {
  return known.find((name) => name === value);
}

/** An index if the text is a number, otherwise a name. */
function tensorChoice(text: string): number | string {
  return /^\d+$/.test(text) ? Number(text) : text;
}

/** The flags as options of `loadModel`. */
export function loadOptions(flags: ModelFlags): LoadModelOptions {
  const { activation, device, precision } = flags;
  const { foldBatchNorm, memoryFormat, winograd, optimiseGraph, tune, threads } = flags;
  return {
    input: inputFlags(flags),
    ...defined({ activation, averageOver: oneOf(AVERAGES, flags.averageOver), tokens: flags.tokens }),
    ...(flags.output !== undefined && { tensor: tensorChoice(flags.output) }),
    ...(flags.classes !== undefined && { classes: readClassNames(flags.classes) }),
    ...(device && { device }),
    ...(precision && { precision }),
    ...defined({ foldBatchNorm, memoryFormat, winograd, optimiseGraph, tune, threads }),
    import: importChoices(flags),
  };
}

/** The input that the flags describe, possibly only in part. */
export function inputFlags(flags: ModelFlags): InputOverrides {
  const { frames, mean, std, channelOrder, sampling: which, pixelRange: range } = flags;
  const layout = oneOf(LAYOUTS, flags.layout);
  const resizing = resizeFlags(flags);
  return defined({
    layout,
    frames,
    ...flags.size,
    mean,
    std,
    channelOrder,
    sampling: which,
    resize: resizing,
    pixelRange: range,
  });
}

/** The flags as options of an import. */
export function importChoices(flags: ModelFlags): ImportChoices {
  const { weights, python, download, allowPickle, layout, averageOver, pathways } = flags;
  const output = flags.output === undefined ? undefined : tensorChoice(flags.output);
  return defined({ weights, python, download, allowPickle, layout, output, averageOver, pathways });
}

/** The resizing given by the flags, possibly only in part; the rest comes from the manifest. */
function resizeFlags({ resize, antialias, interpolation }: ModelFlags): InputOverrides['resize'] {
  const all = { ...resize, ...defined({ antialias, interpolation }) };
  return Object.keys(all).length > 0 ? all : undefined;
}
