import { batch, computed, signal } from '@preact/signals';
import type { MaskFrames } from './maskFrames';
import { filled } from './maskFrames';
import { type Point, Stroke } from './stroke';

/** What the brush does where it paints; `erase` brings back what the painting began with. */
export type Tool = 'keep' | 'remove' | 'erase';

/** Which frames a stroke goes through. */
export type Span = 'this' | 'all' | 'range';

/** What a painting can begin with. */
export type Beginning = 'run' | 'nothing' | 'everything';

/** A mask, and what erasing brings back. */
interface Painting {
  mask: MaskFrames;
  ground: MaskFrames;
}

/** Steps that can be undone: each holds the frames that it changed. */
const MOST_STEPS = 60;

/** A mask that is painted by hand, and all that can be undone. It outlives the panel in which it is painted. */
export class PaintedMask {
  readonly tool = signal<Tool>('remove');
  readonly span = signal<Span>('all');
  /** First and last frame of the range, 0-based. */
  readonly range = signal<[number, number]>([0, 0]);
  /** Pixels. */
  readonly radius = signal(1);
  /** Where the keyboard paints. */
  readonly cursor = signal<Point>({ x: 0, y: 0 });
  private readonly painting = signal<Painting>({ mask: [], ground: [] });
  private readonly past = signal<Painting[]>([]);
  private readonly future = signal<Painting[]>([]);
  private readonly drawn = signal<MaskFrames | null>(null);
  private stroke: Stroke | undefined;

  /** With the stroke that is being drawn. */
  readonly mask = computed(() => this.drawn.value ?? this.painting.value.mask);
  readonly isDrawing = computed(() => this.drawn.value !== null);
  readonly canUndo = computed(() => this.past.value.length > 0);
  readonly canRedo = computed(() => this.future.value.length > 0);

  /** @param run the run's mask, 255 where it keeps */
  constructor(
    private readonly run: MaskFrames,
    readonly height: number,
    readonly width: number,
  ) {
    this.painting.value = { mask: run, ground: run };
    this.range.value = [0, run.length - 1];
    this.radius.value = Math.max(Math.round(Math.min(height, width) / 10), 1);
    this.cursor.value = { x: Math.floor(width / 2) + 0.5, y: Math.floor(height / 2) + 0.5 };
  }

  /** Of the brush, pixels. */
  get largest(): number {
    return Math.ceil(Math.min(this.height, this.width) / 2);
  }

  resize(by: number): void {
    this.radius.value = Math.min(Math.max(this.radius.value + by, 1), this.largest);
  }

  /** Puts the brush down on a frame. */
  begin(frame: number, point: Point): void {
    const { mask, ground } = this.painting.value;
    const paint = { keep: 255, remove: 0, erase: ground }[this.tool.value];
    const brush = { paint, radius: this.radius.value, frames: this.framesFrom(frame) };
    this.stroke = new Stroke(mask, this.width, brush);
    this.draw(point);
  }

  /** Draws on to a place, while the brush is down. */
  draw(point: Point): void {
    if (!this.stroke) return;
    this.stroke.to(point);
    this.drawn.value = [...this.stroke.mask];
  }

  /** Lifts the brush. */
  end(): void {
    const drawn = this.drawn.value;
    if (!drawn) return;
    this.stroke = undefined;
    batch(() => {
      this.drawn.value = null;
      this.step({ ...this.painting.value, mask: drawn });
    });
  }

  /** Begins again, with the run's mask, with nothing or with everything; which can be undone as well. */
  beginWith(what: Beginning): void {
    const mask = what === 'run' ? this.run : filled(this.run, what === 'nothing' ? 0 : 255);
    this.step({ mask, ground: mask });
  }

  undo(): void {
    this.go(this.past, this.future);
  }

  redo(): void {
    this.go(this.future, this.past);
  }

  private go(from: typeof this.past, to: typeof this.past): void {
    const painting = from.value.at(-1);
    if (!painting) return;
    batch(() => {
      from.value = from.value.slice(0, -1);
      to.value = [...to.value, this.painting.value];
      this.painting.value = painting;
    });
  }

  private step(painting: Painting): void {
    batch(() => {
      this.past.value = [...this.past.value, this.painting.value].slice(-MOST_STEPS);
      this.future.value = [];
      this.painting.value = painting;
    });
  }

  private framesFrom(frame: number): number[] {
    const [first, last] = { this: [frame, frame], all: [0, this.run.length - 1], range: this.range.value }[
      this.span.value
    ] as [number, number];
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  }
}
