import type { FepErrorCode } from '../../errors/fepError';
import type { Picture, SourceSummary } from '../../frames/picture';
import type { Selection } from '../../frames/sampling';
import type { EncodeSettings } from '../encodeSettings';

/** A request of the main thread to the worker. */
export type Order =
  | { kind: 'decode'; path: string; selection: Selection }
  | { kind: 'rate'; path: string }
  | { kind: 'encode'; path: string; frames: Uint8Array; settings: EncodeSettings };

/** A worker runs one job at a time; `shared` belongs to its `JobControl`. */
export interface Job {
  order: Order;
  shared: SharedArrayBuffer;
}

/** Answers of the worker: any number of frames, then one of the others. */
export type Answer =
  | { kind: 'frame'; picture: Picture; index: number }
  | { kind: 'decoded'; summary: SourceSummary }
  | { kind: 'rate'; fps: number | undefined }
  | { kind: 'encoded' }
  | { kind: 'unavailable'; message: string }
  | { kind: 'failed'; code: FepErrorCode; message: string; hint: string | undefined };
