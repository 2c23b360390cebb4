// Apart from what works with them: whoever uses these types may do without the packages of a queue.

/** What is otherwise on a worker's machine than where the bench was started. */
export interface WorkerPlace {
  /** Files or names of the models, in the bench's order. */
  models?: string[];
  /** The data set, as `openDataset` takes it. */
  data?: string;
  /** `cpu`, `cuda`, `cuda:1`: of the kind that the bench was started for; default the bench's own. */
  device?: string;
  /** Threads inside libtorch's operators; default the bench's own. */
  threads?: number;
  /** Returns the job under way to the queue and ends. */
  signal?: AbortSignal;
}

/** Where a worker takes its jobs from, and what is otherwise on its machine. */
export interface WorkerOptions extends WorkerPlace {
  /** `redis://host:port/database` or `rediss://…` of a Redis or Valkey. */
  queue: string;
  /** Ends after so many seconds without a job; default never. */
  maxIdle?: number;
  /** Seconds after which a worker that is silent counts as dead, 1 to 3600; default 30. The same for all of a queue. */
  deadAfter?: number;
  /** Is told of every item that is finished. */
  onItem?: (item: WorkerItem) => void;
  /** Remarks for people, e.g. that the queue does not answer. */
  onRemark?: (line: string) => void;
}

/** An item that a worker has finished. */
export interface WorkerItem {
  model: string;
  sample: string;
  method: string;
  /** From the taking of the job to its result. */
  seconds: number;
}

/** What a worker did. */
export interface WorkerResult {
  computed: number;
  failed: number;
  /** Whether a job was returned for others to do. */
  returned: boolean;
}
