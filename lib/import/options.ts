import { z } from 'zod';
import type { InputOverrides } from '../manifest/inputOverrides';
import { type Activation, LAYOUTS, type Resize, type Sampling, type Tokens } from '../manifest/manifest';
import { defined } from '../options/defined';

/**
 * The orders of a network's axes that an import takes: those of a model file; channels last; a batch of frames; frames
 * stacked along the channels, N×(T·3)×H×W. A model file has one of the first two: the others are made inside it.
 */
export const IMPORT_LAYOUTS = [...LAYOUTS, 'NTHWC', 'TCHW', 'stacked'] as const;

/** `time`, `segments`, or numbers of axes. */
export const IMPORT_AVERAGES = /^(time|segments|\d(,\d)*)$/;

/** How the Python of another library is found, and which weights it takes. */
export const importChoicesSchema = z.strictObject({
  /** The interpreter that has torch and the model's library. Default: `VIRTUAL_ENV`, `CONDA_PREFIX`, `python3`. */
  python: z.string().min(1).optional(),
  /** A file with the network's state dict: safetensors, or of torch.save. */
  weights: z.string().min(1).optional(),
  /** Random weights of this seed, for trying things. */
  randomInit: z.number().int().min(0).optional(),
  /** Lets the library fetch weights that this machine lacks; default false. */
  download: z.boolean().optional(),
  /** Reads weights whose loading can run code; default false. */
  allowPickle: z.boolean().optional(),
  /** Which release a published checkpoint is of, instead of telling it by the names of its tensors. */
  release: z.string().min(1).optional(),
  /** Which head of an EPIC-Kitchens checkpoint. */
  head: z.enum(['verb', 'noun']).optional(),
  /** Number of classes of a network with random weights. */
  classCount: z.number().int().min(2).optional(),
  /** The order of the network's axes. Default: the source's; of an own network, what is found by trial. */
  layout: z.enum(IMPORT_LAYOUTS).optional(),
  /** Which of several returned tensors holds the classes: its index, its name, or a path such as `out.logits`. */
  output: z.union([z.number().int().min(0), z.string().min(1)]).optional(),
  /** What to average several scores of a clip over: `time`, `segments`, or axes of the returned tensor as in `2,3,4`. */
  averageOver: z.string().regex(IMPORT_AVERAGES, 'it must be time, segments, or axes as in 2,3,4').optional(),
  /** Of an own network with several inputs: every how many frames of the clip each has one. Default: by trial. */
  pathways: z.array(z.number().int().min(1)).min(1).optional(),
});

/** See `importChoicesSchema`. */
export type ImportChoices = z.infer<typeof importChoicesSchema>;

/** What describes the model where its source does not, or says otherwise. */
export interface ImportDescription {
  /** The model's name; default: the source's. */
  name?: string | undefined;
  input?: InputOverrides | undefined;
  activation?: Activation | undefined;
  /** How the layers of a transformer tile a clip. */
  tokens?: Tokens | undefined;
}

/** The options of the Python command, without those of files. */
export function importArguments(choices: ImportChoices, description: ImportDescription): string[] {
  const { weights, randomInit, download, allowPickle, release, head, classCount, averageOver } = choices;
  const { name, input, activation, tokens } = description;
  const named = defined({ weights, release, head, 'class-count': classCount, name, activation });
  const answer = defined({ output: choices.output, 'average-over': averageOver });
  const layout = choices.layout ?? input?.layout;
  const entry = defined({ layout, pathways: choices.pathways?.join(',') });
  return [
    ...flags({ ...named, ...answer, ...entry }),
    ...(tokens ? [`--tokens=${tokens.grid.join('x')}+${tokens.prefix ?? 0}`] : []),
    ...(randomInit === undefined ? [] : ['--random-init', `--seed=${randomInit}`]),
    ...(download ? ['--download'] : []),
    ...(allowPickle ? ['--allow-pickle'] : []),
    ...inputArguments(input ?? {}),
  ];
}

function inputArguments(input: InputOverrides): string[] {
  const { frames, height, width, sampling, resize, pixelRange, mean, std, channelOrder } = input;
  const size = height === undefined || width === undefined ? undefined : `${height}x${width}`;
  const given = defined({
    frames,
    size,
    sampling: sampling && samplingText(sampling),
    'pixel-range': pixelRange?.join('..'),
    mean: mean?.join(','),
    std: std?.join(','),
    'channel-order': channelOrder,
  });
  return [...flags(given), ...resizeArguments(resize)];
}

function samplingText({ type, offset, ...more }: Sampling): string {
  const stride = 'stride' in more ? more.stride : undefined;
  return [type, stride, offset].filter((part) => part !== undefined).join(':');
}

function resizeArguments(resize: InputOverrides['resize']): string[] {
  if (resize === undefined) return [];
  const { antialias, interpolation } = resize;
  const given = defined({ resize: 'mode' in resize ? resizeText(resize) : undefined, interpolation });
  const filter = antialias === undefined ? [] : [antialias ? '--antialias' : '--no-antialias'];
  return [...flags(given), ...filter];
}

function resizeText(resize: Resize): string {
  if (resize.mode === 'short-side') return `short-side:${resize.size}`;
  return resize.height === undefined ? 'stretch' : `stretch:${resize.height}x${resize.width}`;
}

/** `--name=value`: values may begin with a minus. */
function flags(values: Record<string, unknown>): string[] {
  return Object.entries(values).map(([name, value]) => `--${name}=${value}`);
}
