/** Every kind of data set by the name that a spec begins with, in the order in which help and messages list them. */
export const DATASET_KINDS = {
  synthetic: { hasPath: false, help: 'clips generated on demand' },
  'ucf101-24': { hasPath: true, help: 'UCF-101/<Class>/<video>.avi, pyannot.pkl, testlist01.txt' },
  'epic-object': {
    hasPath: true,
    help: 'EPIC-Kitchens-Object: its two tables, and frames or videos of EPIC-Kitchens-55',
  },
  folder: {
    hasPath: true,
    help: 'clips described by manifest.json or manifest.csv; `folder:` may be left out',
  },
} as const satisfies Record<string, { hasPath: boolean; help: string }>;

/** A kind of data set. */
export type DatasetKind = keyof typeof DATASET_KINDS;

/** What `openDataset` takes, with the help of each: `ucf101-24:PATH`. */
export const DATASET_SPECS: readonly { spec: string; help: string }[] = Object.entries(DATASET_KINDS).map(
  ([name, { hasPath, help }]) => ({ spec: hasPath ? `${name}:PATH` : name, help }),
);

/** The same in one line. */
export const DATASET_SPEC_LIST = DATASET_SPECS.map(({ spec }) => spec).join(', ');
