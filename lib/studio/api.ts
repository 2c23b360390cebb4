import type { FrequencyBands } from '../methods/modulation';
import type { ClipDocument, FrameSprite, PackedBytes } from '../report/page/document';

// What the studio's page and its server tell each other. Types alone: the page runs in a browser.

/** A clip that the page may name: never by a path outside of the folders that the server was given. */
export type ClipReference =
  | { kind: 'sample' }
  | { kind: 'upload'; id: string }
  | { kind: 'folder'; path: string }
  | { kind: 'synthetic'; id: string }
  | { kind: 'data'; set: string; sample: string };

/** A clip, and which of its frames. */
export interface ClipChoice {
  source: ClipReference;
  /** First frame, 0-based; default 0. */
  start?: number | undefined;
  /** First frame after the range; default the end. */
  end?: number | undefined;
}

/** A clip of the picker. */
export interface OfferedClip {
  source: ClipReference;
  name: string;
}

/** A data set of the picker. */
export interface OfferedData {
  name: string;
  /** How many can be picked. */
  samples: number;
  classes: string[];
  /** How many cannot: a file is missing, or a box is wrong. */
  unusable: number;
}

/** A part of a data set's list. */
export interface SamplePage {
  /** How many samples there are of what was asked for. */
  found: number;
  /** How many of them come before these. */
  from: number;
  samples: { id: string; label: string }[];
}

/** A model of the picker. */
export interface OfferedModel {
  id: string;
  name: string;
  origin: 'shipped' | 'folder' | 'command line' | 'upload' | 'imported';
}

/** What a loaded model says of itself. */
export interface ModelFacts {
  name: string;
  classes: string[];
  frames: number;
  height: number;
  width: number;
  device: string;
  warnings: string[];
}

/** A class and its probability. */
export interface ClassProbability {
  index: number;
  name: string;
  probability: number;
}

/** A clip as a model sees it. */
export interface ClipAnswer {
  model: ModelFacts;
  clip: ClipDocument;
  /** The true class, where a data set says it. */
  label: string | null;
}

/** What a model says of a clip. */
export interface PredictionAnswer {
  /** From the most probable class to the least. */
  classes: ClassProbability[];
}

/** What a model says of what a mask keeps. */
export interface PerturbedAnswer {
  /** From the most probable class to the least. */
  classes: ClassProbability[];
  /** The clip that the model saw, M ⊗ X. */
  perturbed: FrameSprite;
  /** Of the model, without the pictures. */
  seconds: number;
}

/** Small pictures of a clip's frames, evenly spread from its first to its last. */
export interface FilmstripAnswer {
  pictures: FrameSprite;
  count: number;
  /** Of one picture, pixels. */
  height: number;
  width: number;
  /** Of the whole clip. */
  frames: number;
  /** Frames per second of the clip. */
  fps: number;
}

/** Over which frequencies the energy of a run's gradient lies. */
export interface SpectrumAnswer {
  /** T, H, W of the gradient that F-EP filters: of the grid of parameters, or of the frame. */
  shape: [number, number, number];
  /** float32, T×H×W: the share of the energy of each frequency of the 3-D DCT; they sum to 1. */
  shares: PackedBytes;
  /** The updates whose gradients were averaged, 0-based. */
  updates: number[];
  /** What the run kept. */
  bands: FrequencyBands;
  /** Whether the run's bands opened while it went on; `bands` are those of its beginning. */
  opens: boolean;
}

/** What to explain and how. */
export interface RunRequest {
  clip: ClipChoice;
  /** The id of an offered model. */
  model: string;
  /** As `explain` takes them. */
  options: Record<string, unknown>;
  title?: string | undefined;
}

/** `stopped`: ended by a person, with the mask as it was. `interrupted`: the server ended before the run did. */
export type RunState = 'queued' | 'running' | 'done' | 'stopped' | 'cancelled' | 'failed' | 'interrupted';

/** What went wrong, and the one thing to do. */
export interface Problem {
  code: string;
  message: string;
  hint?: string | undefined;
}

/** A run in the list. */
export interface RunSummary {
  id: string;
  title: string;
  state: RunState;
  /** ISO 8601. */
  created: string;
  /** What was asked for; null of a result that the studio did not make. */
  request: RunRequest | null;
  /** Null while there is no result. */
  result: RunResult | null;
  problem: Problem | null;
  /** The command that makes it again, and the same in code. */
  command: string;
  code: string;
  /** How many runs of the same model come first; 0 unless it waits. */
  before: number;
}

/** What a finished run found. */
export interface RunResult {
  method: string;
  model: string;
  target: string;
  probability: { original: number; explained: number };
  realisedArea: number;
}

/** How far a run is: the header of a binary frame, whose mask of T×H×W bytes follows. */
export interface ProgressFrame {
  iteration: number;
  iterations: number;
  /** Weighted energies of the first mask. */
  reward?: number | undefined;
  area?: number | undefined;
  core?: number | undefined;
  realisedArea?: number | undefined;
  /** Of the class on what the mask keeps, where the reward says so. */
  kept?: number | undefined;
  /** Since the run began. */
  seconds: number;
  /** T, H, W of the mask; absent without one. */
  shape?: [number, number, number] | undefined;
}

/** One option of a method as the form shows it. */
export interface OptionField {
  name: string;
  help: string;
  /** Unit or placeholder. */
  unit: string | null;
  /** The default in words. */
  default: string | null;
  source: string | null;
  kind: 'number' | 'integer' | 'switch' | 'choice' | 'text';
  choices: string[];
  minimum: number | null;
  maximum: number | null;
}

/** A method as its card shows it. */
export interface MethodCard {
  name: string;
  label: string;
  summary: string;
  /** Whether the mask is seen while it forms. */
  forms: boolean;
  options: OptionField[];
}

/** What the page is told first. */
export interface StudioFacts {
  version: string;
  methods: MethodCard[];
  models: OfferedModel[];
  clips: OfferedClip[];
  data: OfferedData[];
  /** Bytes. */
  largestUpload: number;
  allowModelUpload: boolean;
}

/** An upload that goes on where it was cut off. */
export interface UploadState {
  id: string;
  name: string;
  size: number;
  /** Bytes that have arrived. */
  offset: number;
  done: boolean;
}
