import { absoluteSpec, openDataset } from '../../datasets/open';
import type { Dataset } from '../../datasets/types';
import type { OfferedData, SamplePage } from '../api';
import { Refusal } from '../http/problem';

/** A part of a data set's list, as the page asks for it. */
export interface SampleQuery {
  /** Words that the id or the class must contain, in any order. */
  search: string;
  /** Only samples of this class; empty for all. */
  label: string;
  /** How many to pass over. */
  from: number;
  count: number;
}

/** A sample as `explain --data … --sample …` names it. */
export interface LocatedSample {
  data: string;
  sample: string;
}

interface Opened {
  /** As the command line gave it, with an absolute path. */
  spec: string;
  dataset: Dataset;
  /** By the sample's id: its text in lower case, to be searched. */
  texts: Map<string, string>;
}

/** The data sets of the command line. A page names their samples by ids, of which only those that are listed exist. */
export class DataLibrary {
  private constructor(private readonly opened: ReadonlyMap<string, Opened>) {}

  /**
   * Opens data sets; samples that cannot be used are left out and counted.
   *
   * @throws FepError as `openDataset`
   */
  static async open(specs: readonly string[]): Promise<DataLibrary> {
    const opened = new Map<string, Opened>();
    for (const spec of specs) {
      const dataset = await openDataset(spec, { skipErrors: true });
      const texts = new Map(dataset.samples.map(({ id, label }) => [id, `${id} ${label}`.toLowerCase()]));
      opened.set(freeName(dataset.name, opened), { spec: absoluteSpec(spec), dataset, texts });
    }
    return new DataLibrary(opened);
  }

  list(): OfferedData[] {
    return [...this.opened].map(([name, { dataset }]) => ({
      name,
      samples: dataset.samples.length,
      classes: dataset.classes,
      unusable: dataset.problems.length,
    }));
  }

  /** @throws Refusal 404 where there is no such data set */
  page(name: string, { search, label, from, count }: SampleQuery): SamplePage {
    const { dataset, texts } = this.named(name);
    const words = search.toLowerCase().split(/\s+/).filter(Boolean);
    const found = dataset.samples.filter(
      (sample) =>
        (label === '' || sample.label === label) &&
        words.every((word) => texts.get(sample.id)!.includes(word)),
    );
    const samples = found.slice(from, from + count).map(({ id, label: of }) => ({ id, label: of }));
    return { found: found.length, from, samples };
  }

  /** @throws Refusal 404 where there is no such data set or sample */
  locate(name: string, sample: string): LocatedSample {
    const { spec, texts } = this.named(name);
    if (texts.has(sample)) return { data: spec, sample };
    throw new Refusal(
      404,
      `The data set ${name} has no sample ${JSON.stringify(sample.slice(0, 200))}.`,
      'Choose one of its list.',
    );
  }

  private named(name: string): Opened {
    const found = this.opened.get(name);
    if (found) return found;
    const names = [...this.opened.keys()].join(', ');
    throw new Refusal(
      404,
      `The studio has no data set ${JSON.stringify(name.slice(0, 200))}.`,
      names ? `It has ${names}.` : 'Start it with --data NAME:FOLDER.',
    );
  }
}

/** Two folders may have one name. */
function freeName(name: string, taken: ReadonlyMap<string, unknown>): string {
  let free = name;
  for (let i = 2; taken.has(free); i++) free = `${name} ${i}`;
  return free;
}
