// In a file of their own, so that importing these types does not require the packages of a queue.

/** What differs on a worker's machine from where the bench was started. */
export interface WorkerPlace {
  /** Files or names of the models, in the bench's order. */
  models?: string[];
  /** The data set, as `openDataset` takes it. */
  data?: string;
  /** `cpu`, `cuda`, `cuda:1`; must be of the same kind as that of the bench, which is the default. */
  device?: string;
  /** Threads inside libtorch's operators; default as in the bench. */
  threads?: number;
  /** Returns the current job to the queue and stops. */
  signal?: AbortSignal;
}

/** The queue of a worker, and what differs on its machine. */
export interface WorkerOptions extends WorkerPlace {
  /** `redis://host:port/database` or `rediss://…` of a Redis or Valkey. */
  queue: string;
  /** Stops after this many seconds without a job; default never. */
  maxIdle?: number;
  /**
   * Seconds without a sign of life after which a worker counts as dead, 1 to 3600; default 30. Must be the same for
   * all workers of a queue.
   */
  deadAfter?: number;
  /** Called for every finished item. */
  onItem?: (item: WorkerItem) => void;
  /** Called with messages for the user, e.g. that the queue does not answer. */
  onRemark?: (line: string) => void;
}

/** An item that a worker finished. */
export interface WorkerItem {
  model: string;
  sample: string;
  method: string;
  /** From taking the job to its result. */
  seconds: number;
}

/** Summary of a worker's run. */
export interface WorkerResult {
  computed: number;
  failed: number;
  /** Whether a job was returned to the queue for other workers. */
  returned: boolean;
}
