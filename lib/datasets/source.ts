import type { DatasetPart } from '../clip/origin';
import type { CheckedOptions } from './options';
import type { ProblemLog } from './problems';
import type { Sample } from './types';

/** A clip that a data set lists; nobody has looked yet whether it is there. */
export interface Entry extends Sample {
  /** What can be seen to be wrong with it without reading the clip; undefined when nothing is. */
  check(): Promise<string | undefined>;
}

/** What a reader knows of a data set before samples are selected. */
export interface DatasetSource {
  name: string;
  classes: string[];
  /** In the data set's order. */
  entries: Entry[];
  part: DatasetPart;
}

/** Reads the lists of one kind of data set. Lines that make no entry go to the log. */
export type DatasetReader = (
  path: string,
  options: CheckedOptions,
  log: ProblemLog,
) => Promise<DatasetSource> | DatasetSource;
