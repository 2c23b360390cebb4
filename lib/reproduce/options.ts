import type { ExplainProgress } from '../explain/types';

/** Where things are now, and how to watch and stop the run. */
export interface ReproduceOptions {
  /** The model file or shipped model, where it has moved. */
  model?: string;
  /** The clip, where it has moved. */
  clip?: string;
  /** The data set, as `openDataset` takes it, where it has moved; of a result that was made of one of its samples. */
  data?: string;
  /** As in `explain`. */
  onProgress?: (progress: ExplainProgress) => void;
  signal?: AbortSignal;
}
