import type { DatasetPart } from '../clip/origin';
import type { CheckedOptions } from './options';
import type { ProblemLog } from './problems';
import type { Sample } from './types';

/** A clip listed in a data set; whether its file exists is not known yet. */
export interface Entry extends Sample {
  /** Checks the sample without reading the clip; returns the problem, or undefined. */
  check(): Promise<string | undefined>;
}

/** The contents of a data set before samples are selected. */
export interface DatasetSource {
  name: string;
  classes: string[];
  /** In the data set's order. */
  entries: Entry[];
  part: DatasetPart;
}

/** Reads the lists of one type of data set. Invalid lines are logged. */
export type DatasetReader = (
  path: string,
  options: CheckedOptions,
  log: ProblemLog,
) => Promise<DatasetSource> | DatasetSource;
