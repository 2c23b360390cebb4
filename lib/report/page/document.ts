import type { EnergyPoint } from '../energyPoint';

/**
 * What the viewer shows: plain JSON with embedded pictures. `viewerDocument` and `comparisonDocument` create it; the
 * page and `fep-native/viewer` read it.
 */
export type ViewerDocument = ExplanationDocument | ComparisonDocument | BenchDocument | AblationDocument;

/** Bytes, deflated and base64-encoded. */
export interface PackedBytes {
  encoding: 'deflate';
  length: number;
  base64: string;
}

/** A clip's frames as one picture: frame t is at row ⌊t/columns⌋, column t mod columns. */
export interface FrameSprite {
  /** `data:image/webp;base64,…` */
  url: string;
  columns: number;
}

/** A clip that a page plays. */
export interface ClipDocument {
  /** Name of the source file or sample, without the folder. */
  name: string;
  frames: number;
  height: number;
  width: number;
  /** Playback rate in frames per second. */
  fps: number;
  /** 0-based index of each frame in the source. */
  indices: number[];
  sourceFrames: number;
  pictures: FrameSprite;
  /** T×H×W bytes, 1 inside a box; absent without box annotation. */
  boxes?: PackedBytes;
  /** Whether each frame is annotated; present together with `boxes`. */
  annotated?: boolean[];
  /** Warnings about the clip, then about the model. */
  warnings: string[];
}

/** A class's probability on the clip and on what the mask keeps, in [0, 1]. */
export interface ClassBars {
  name: string;
  original: number;
  explained: number;
}

/** A mask, the model's prediction on what it keeps, and how the mask was found. */
export interface MaskDocument {
  /** Display name of the method, e.g. `F-EP`. */
  method: string;
  /** T×H×W bytes: ⌊255·M + ½⌋. */
  mask: PackedBytes;
  /** The clip that the model saw under the mask, M ⊗ X; absent from pages of a bench that kept none. */
  perturbed?: FrameSprite;
  /** Whether the mask was to take the class away; `perturbed` is (1 − M) ⊗ X then. */
  deletes?: boolean;
  /** Whether it is a saliency map rescaled over the clip, with its 99.9th percentile at 1. */
  scaled: boolean;
  probability: { original: number; explained: number; deleted?: number };
  /** The most probable class on what the mask keeps. */
  predicted: { name: string; probability: number } | null;
  /** Mean of the mask over the frames, in [0, 1]. */
  realisedArea: number;
  /** Share of the frames where the mask is at least ½; absent from pages of older versions. */
  realisedAreaAtHalf?: number;
  seconds: number | null;
  energy: EnergyPoint[];
  /** Why the mask is not what was asked for, and what to do; absent where nothing is. */
  advice?: string;
  /** The most probable classes before and after, including the target; empty when only the target is known. */
  classes: ClassBars[];
  config: Record<string, unknown>;
}

/** What `report.html` shows. */
export interface ExplanationDocument {
  kind: 'explanation';
  target: string;
  model: string;
  /** Of a model's answer that is averaged over several views: `average of 4 × 3 views`. */
  views?: string;
  clip: ClipDocument;
  mask: MaskDocument;
  search?: SearchDocument;
  versions: Record<string, string>;
}

/** The masks that a search for the smallest one came by, from the smallest to the largest; `mask` is one of them. */
export interface SearchDocument {
  /** The share of the class's probability on the clip that a mask had to keep. */
  keep: number;
  /** Whether one did. */
  found: boolean;
  /** Which of them is the explanation's, whose mask and pictures stand there. */
  chosen: number;
  tried: (Partial<Pick<MaskDocument, 'mask' | 'perturbed'>> & {
    /** Share of the frame where the mask is at least ½, or its mean if that is more. */
    area: number;
    /** Of the class on what the model saw. */
    probability: number;
  })[];
}

/** A method of a comparison. */
export interface ComparedDocument extends MaskDocument {
  /** Whether it is a control: a baseline that does not compete. */
  control: boolean;
  /** By metric name; null where the metric is not defined for this clip. */
  scores: Record<string, number | null>;
  /** Deletion and insertion curves: probabilities of the class at the shares 0, 1/n, … 1; null where not measured. */
  walks: { deletion: number[] | null; insertion: number[] | null };
}

/** What the page of `compare` shows. */
export interface ComparisonDocument {
  kind: 'comparison';
  target: string;
  /** The true class; null when unknown. */
  label: string | null;
  model: string;
  /** As in an `ExplanationDocument`. */
  views?: string;
  clip: ClipDocument;
  methods: ComparedDocument[];
  /** Columns of the score table, in order. */
  metrics: MetricDocument[];
  versions: Record<string, string>;
}

/** A metric, as a table column. */
export interface MetricDocument {
  name: string;
  title: string;
  better: 'low' | 'high' | null;
}

/** A mean with its 95 % interval. */
export interface IntervalDocument {
  mean: number | null;
  low: number | null;
  high: number | null;
  n: number;
}

/** A row of a table. */
export interface RowDocument {
  model: string;
  area: number;
  method: string;
  control: boolean;
  clips: number;
  metrics: Record<string, IntervalDocument>;
}

/** Fig. 4: one curve for each method. */
export interface CurvesDocument {
  kind: 'deletion' | 'insertion';
  model: string;
  area: number;
  curves: {
    name: string;
    /** Area under the curve. */
    note: string;
    dashed: boolean;
    points: { x: number; y: number; low: number; high: number }[];
  }[];
}

/** The methods' scores on one clip. */
export interface BenchClipDocument {
  model: string;
  sample: string;
  label: string;
  /** The explained class and its probability on the clip. */
  target: { name: string; probability: number };
  /** The command that explains this clip with all methods. */
  command: string;
  /** The page of the clip's explanations, if the bench kept them; relative to the bench's own page. */
  page?: string;
  /** Values in the order of the page's metrics, by method and budget (null for a method without budgets). */
  scores: { method: string; area: number | null; values: (number | null)[] }[];
}

/** What the page of `bench` shows. */
export interface BenchDocument {
  kind: 'bench';
  title: string;
  /** What was measured, on which data; one line each. */
  notes: string[];
  models: string[];
  areas: number[];
  metrics: MetricDocument[];
  rows: RowDocument[];
  curves: CurvesDocument[];
  clips: BenchClipDocument[];
  config: Record<string, unknown>;
  versions: Record<string, string>;
}

/** Fig. 5: STC over r_l and r_h. */
export interface PlaneDocument {
  model: string;
  area: number;
  /** Where the gradient is modulated, and what else the settings share. */
  where: string;
  metric: string;
  dots: { x: number; y: number; value: number; label: string }[];
}

/** What the page of `ablate` shows. */
export interface AblationDocument {
  kind: 'ablation';
  title: string;
  notes: string[];
  models: string[];
  areas: number[];
  metrics: MetricDocument[];
  rows: RowDocument[];
  planes: PlaneDocument[];
  clips: BenchClipDocument[];
  /** The selected settings, as text. */
  findings: string[];
  versions: Record<string, string>;
}
