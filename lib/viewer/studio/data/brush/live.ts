import { computed, effect, signal } from '@preact/signals';
import type { ExplanationDocument } from '../../../../report/page/document';
import type { PerturbedAnswer, PredictionAnswer, Problem, RunRequest } from '../../../../studio/api';
import { type LoadedClip, loadClip } from '../../../data/load';
import { unpackBytes } from '../../../data/unpack';
import { ask, problemOf, send } from '../client';
import { askLatest } from './askLatest';
import { bytesOf, framesIn, inverted, type MaskFrames } from './maskFrames';
import { PaintedMask } from './paintedMask';

/** What the model says of a mask that is painted. */
export interface Kept extends PerturbedAnswer {
  mask: MaskFrames;
  /** From the last touch of the brush to the answer. */
  milliseconds: number;
}

/** Between two questions while a stroke is drawn: the model is to be free when it ends. */
const PAUSE_MS = 250;

/** A painting, and what the model says of it while it is painted. */
export class LiveBrush {
  readonly kept = signal<Kept | null>(null);
  /** The clip that the model saw: all frames in one picture, as its sprite has them. */
  readonly seen = signal<HTMLImageElement | null>(null);
  readonly problem = signal<Problem | null>(null);
  /** Whether the answer to the last touch is still to come. */
  readonly isAsking = computed(() => this.kept.value?.mask !== this.painted.mask.value);

  private asked: { mask: MaskFrames | null; at: number } = { mask: null, at: 0 };

  constructor(
    readonly painted: PaintedMask,
    readonly clip: LoadedClip,
    /** What the model says of the clip. */
    readonly original: PredictionAnswer,
    keep: (mask: MaskFrames) => Promise<PerturbedAnswer>,
  ) {
    const tell = askLatest({
      ask: async ({ mask, since }: { mask: MaskFrames; since: number }) => ({
        ...(await keep(mask)),
        mask,
        milliseconds: performance.now() - since,
      }),
      hear: (kept) => void this.hear(kept),
      fail: (error) => {
        this.problem.value = problemOf(error);
      },
    });
    effect(() => {
      const mask = painted.mask.value;
      const now = performance.now();
      const isSoon = painted.isDrawing.value && now - this.asked.at < PAUSE_MS;
      if (isSoon || mask === this.asked.mask) return;
      this.asked = { mask, at: now };
      tell({ mask, since: now });
    });
  }

  /** The number comes first, the picture once it is decoded. */
  private async hear(kept: Kept): Promise<void> {
    this.problem.value = null;
    this.kept.value = kept;
    const picture = new Image();
    picture.src = kept.perturbed.url;
    await picture.decode();
    if (this.kept.value === kept) this.seen.value = picture;
  }
}

/** What was painted stays as long as the page does. */
const brushes = new Map<string, Promise<LiveBrush>>();

export function hasBrush(run: string): boolean {
  return brushes.has(run);
}

/** The brush of a run: the one that was used before, or a new one. */
export function brushOf(run: string, request: RunRequest, document: ExplanationDocument): Promise<LiveBrush> {
  const known = brushes.get(run);
  if (known) return known;
  const begun = begin(request, document);
  brushes.set(run, begun);
  begun.catch(() => brushes.delete(run));
  return begun;
}

async function begin({ clip, model }: RunRequest, document: ExplanationDocument): Promise<LiveBrush> {
  const [loaded, bytes, original] = await Promise.all([
    loadClip(document.clip),
    unpackBytes(document.mask.mask),
    send<PredictionAnswer>('POST', '/api/predict', { clip, model }),
  ]);
  const mask = framesIn(bytes, loaded.frames);
  const kept = document.mask.deletes ? inverted(mask) : mask; // the mask of such a run takes away
  const query = encodeURIComponent(JSON.stringify({ clip, model, perturbation: perturbationOf(document) }));
  return new LiveBrush(new PaintedMask(kept, loaded.height, loaded.width), loaded, original, (painted) =>
    ask<PerturbedAnswer>(`/api/perturbed?ask=${query}`, {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream' },
      body: bytesOf(painted),
    }),
  );
}

/** What the run put in place of what it did not keep, as the server knows it. */
function perturbationOf({ mask: { config } }: ExplanationDocument): string {
  return config.perturbation === 'fade' ? `fade-${config.fade}` : 'blur';
}
