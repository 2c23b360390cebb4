/** Which part of a data set a reader took, its defaults filled in. */
export interface DatasetPart {
  split?: string | undefined;
  seed?: number | undefined;
  /** As `DatasetOptions` has it. */
  difficulty?: string | object | undefined;
  limit?: number | undefined;
}

/** Which sample of which data set a clip is: what it takes to find it again. */
export interface SampleOrigin extends DatasetPart {
  /** The data set as `openDataset` takes it, its path absolute. */
  data: string;
  id: string;
  /** Name of the true class. */
  label: string;
}
