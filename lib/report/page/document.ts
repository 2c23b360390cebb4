import type { EnergyPoint } from '../energyPoint';

/**
 * What the viewer shows: plain JSON with the pictures inside. `viewerDocument` and `comparisonDocument` make it, the
 * page and `fep-native/viewer` read it.
 */
export type ViewerDocument = ExplanationDocument | ComparisonDocument | BenchDocument | AblationDocument;

/** Bytes, deflated and in base64. */
export interface PackedBytes {
  encoding: 'deflate';
  length: number;
  base64: string;
}

/** A clip's frames as one picture: frame t in row ⌊t/columns⌋ and column t mod columns. */
export interface FrameSprite {
  /** `data:image/webp;base64,…` */
  url: string;
  columns: number;
}

/** A clip as a page plays it. */
export interface ClipDocument {
  /** File or sample that it came from, without the folder. */
  name: string;
  frames: number;
  height: number;
  width: number;
  /** Frames per second at which it is shown. */
  fps: number;
  /** For each frame, its 0-based index in the source. */
  indices: number[];
  sourceFrames: number;
  pictures: FrameSprite;
  /** T×H×W bytes, 1 inside a box; absent where nobody drew boxes. */
  boxes?: PackedBytes;
  /** Whether anybody drew boxes for a frame; as long as `boxes` is there. */
  annotated?: boolean[];
  /** Of the clip, then of the model. */
  warnings: string[];
}

/** A class's probability on the clip, and on what the mask keeps; in [0, 1]. */
export interface ClassBars {
  name: string;
  original: number;
  explained: number;
}

/** A mask, what the model makes of what it keeps, and how it was found. */
export interface MaskDocument {
  /** As people call the method, e.g. `F-EP`. */
  method: string;
  /** T×H×W bytes: ⌊255·M + ½⌋. */
  mask: PackedBytes;
  /** Whether it is a map that was scaled over the clip, its 99.9th percentile to 1. */
  scaled: boolean;
  probability: { original: number; explained: number };
  /** The most probable class on what the mask keeps. */
  predicted: { name: string; probability: number } | null;
  /** Mean of the mask over the frames, in [0, 1]. */
  realisedArea: number;
  seconds: number | null;
  energy: EnergyPoint[];
  /** The most probable classes before and after, the target among them; empty where only the target is known. */
  classes: ClassBars[];
  config: Record<string, unknown>;
}

/** What `report.html` shows. */
export interface ExplanationDocument {
  kind: 'explanation';
  target: string;
  model: string;
  clip: ClipDocument;
  mask: MaskDocument;
  versions: Record<string, string>;
}

/** A method's row of a comparison. */
export interface ComparedDocument extends MaskDocument {
  /** Whether it only shows what the others are worth. */
  control: boolean;
  /** By the metric's name; null where it is not defined for this clip. */
  scores: Record<string, number | null>;
  /** Probabilities of the class at the shares 0, 1/n, … 1 of deleted and inserted voxels; null where not measured. */
  walks: { deletion: number[] | null; insertion: number[] | null };
}

/** What the page of `compare` shows. */
export interface ComparisonDocument {
  kind: 'comparison';
  target: string;
  /** The true class, where it is known. */
  label: string | null;
  model: string;
  clip: ClipDocument;
  methods: ComparedDocument[];
  /** Columns of the table of scores, in order. */
  metrics: MetricDocument[];
  versions: Record<string, string>;
}

/** A score as a column has it. */
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

/** What the methods made of one clip. */
export interface BenchClipDocument {
  model: string;
  sample: string;
  label: string;
  /** The class that was explained, and how sure the model was. */
  target: { name: string; probability: number };
  /** The command that explains this clip by all methods. */
  command: string;
  /** The page that shows what it explains, where the bench kept it; relative to the bench's own page. */
  page?: string;
  /** By method and budget (null where a method has none), the values in the order of the page's metrics. */
  scores: { method: string; area: number | null; values: (number | null)[] }[];
}

/** What the page of `bench` shows. */
export interface BenchDocument {
  kind: 'bench';
  title: string;
  /** What was measured on what, a line each. */
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
  domain: string;
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
  /** What was selected, in words. */
  findings: string[];
  versions: Record<string, string>;
}
