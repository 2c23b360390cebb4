import type { StudioFacts } from '../api';
import type { ClipLibrary } from '../clips/clipLibrary';
import type { Filmstrips } from '../clips/filmstrips';
import type { JobQueue } from '../jobs/jobQueue';
import type { Presence } from '../jobs/presence';
import type { ModelLibrary } from '../models/modelLibrary';
import type { ModelPool } from '../models/modelPool';
import type { StudioSettings } from '../options';
import type { RunFolder } from '../runs/runFolder';
import type { Spectra } from '../runs/spectra';
import type { Uploads } from '../uploads/uploads';

/** What the routes work with. */
export interface StudioContext {
  settings: StudioSettings;
  uploads: Uploads;
  clips: ClipLibrary;
  filmstrips: Filmstrips;
  models: ModelLibrary;
  pool: ModelPool;
  runs: RunFolder;
  spectra: Spectra;
  queue: JobQueue;
  presence: Presence;
  facts(): Promise<StudioFacts>;
}
