import type { KeepClips } from './keepClips';
import type { BenchOptions } from './options';
import type { Shard } from './shard';

/** How far a bench is. */
export interface BenchProgress {
  /** Items that are finished, those of earlier runs included, and all there are. */
  done: number;
  total: number;
  /** What is being worked on, and how much of it is done in [0, 1]. */
  model: string;
  sample: string;
  method: string;
  fraction: number;
  /** For all that is left; null until something has been measured. */
  secondsLeft: number | null;
}

/** What a bench compares, and how this run of it goes about it. */
export interface BenchCallOptions extends BenchOptions {
  /** Folder that the results go to, and that an interrupted bench goes on in. */
  out: string;
  /** Does a part of the samples only; `mergeBenches` puts the parts together. */
  shard?: Shard;
  /**
   * Leaves the computing to the workers of this queue, `redis://host:port/database` or `rediss://…` of a Redis or
   * Valkey; see `runWorker`. Needs the packages bullmq and ioredis.
   */
  queue?: string;
  /** Writes what cannot be read or explained to `errors.jsonl` and goes on; default is to stop. */
  skipErrors?: boolean;
  /**
   * Clips whose masks are kept below `out/clips`, so that `bench.html` shows them by one click, some 300 kB a mask: all,
   * or of each model so many with most disagreement, as many worst and as many best. Default what the folder was begun
   * with, else 4.
   */
  keepClips?: KeepClips;
  /** Threads inside libtorch's operators. */
  threads?: number;
  /** Called before, within and after each item. */
  onProgress?: (progress: BenchProgress) => void;
  /** Remarks for people, e.g. a sample that is left out. */
  onRemark?: (line: string) => void;
  /** Stops within one iteration; what is finished is kept. The promise rejects with `FEP_ABORTED`. */
  signal?: AbortSignal;
}

/** What a run of a bench has done, and where. */
export interface BenchResult {
  out: string;
  /** Items that there are, that were computed in this run, and that failed. */
  items: number;
  computed: number;
  failed: number;
  /** Tables and figures; none for a shard, which `mergeBenches` makes them from. */
  files: string[];
}
