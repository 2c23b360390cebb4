/** Which part of a data set was read, with defaults filled in. */
export interface DatasetPart {
  split?: string | undefined;
  seed?: number | undefined;
  /** As in `DatasetOptions`. */
  difficulty?: string | object | undefined;
  limit?: number | undefined;
}

/** The sample of a data set that a clip was read from, sufficient to find it again. */
export interface SampleOrigin extends DatasetPart {
  /** The data set as for `openDataset`, with an absolute path. */
  data: string;
  id: string;
  /** Name of the true class. */
  label: string;
}
