import type { ProgressFrame } from '../api';
import type { LocatedClip } from '../clips/clipLibrary';
import type { RunRecord } from '../runs/record';
import { Watchers } from './watchers';

/** What a run is at now: the last progress, and the last mask. */
export interface Moment {
  progress: ProgressFrame;
  mask: Uint8Array | undefined;
}

/** A run that waits or is at work. */
export class Job {
  readonly moments = new Watchers<[Moment]>();
  readonly ends = new Watchers<[]>();
  /** Shown to those who come later. */
  latest: Moment | undefined;
  /** Ends it in its model's process; undefined while it waits. */
  stop: ((keep: boolean) => void) | undefined;
  /** The end of the last write of its record: only one is written at a time. */
  written: Promise<void> = Promise.resolve();
  /** How it was ended before its time. */
  ending: 'stopped' | 'cancelled' | undefined;

  constructor(
    readonly id: string,
    public record: RunRecord,
    readonly clip: LocatedClip,
    readonly model: string,
    /** The page that asked for it; undefined where a program did. */
    readonly page: string | undefined,
  ) {}

  tell(progress: ProgressFrame, mask: Uint8Array | undefined): void {
    this.latest = { progress, mask: mask ?? this.latest?.mask };
    this.moments.tell({ progress, mask });
  }
}
