import type { BenchClipDocument } from '../report/page/document';
import { methodsOnCommandLine } from './commandLine';
import type { BenchConfig } from './config';
import type { PageOf } from './keptPages';
import type { BenchRecord } from './record';
import { clipsOf } from './selectClips';
import type { Metric } from './table/metrics';

/** What the methods made of each clip, and how to look at it: by its page, or by a command. */
export function clipDocuments(
  records: readonly BenchRecord[],
  config: BenchConfig,
  metrics: readonly Metric[],
  pageOf: PageOf,
): BenchClipDocument[] {
  return clipsOf(records).map((clip) => {
    const { model, sample } = clip;
    const [{ label, target }] = clip.records as [BenchRecord];
    const page = pageOf(clip);
    return {
      ...{ model, sample, label, target, command: commandFor(sample, model, config) },
      ...(page !== undefined && { page }),
      scores: clip.records.flatMap(({ method, masks }) =>
        masks.map(({ area, scores }) => ({ method, area, values: metrics.map(({ of }) => of(scores)) })),
      ),
    };
  });
}

function commandFor(sample: string, model: string, { options }: BenchConfig): string {
  const { data, split, dataSeed, difficulty, iterations, step, sigma, area, seed } = options;
  const flags = {
    ...{ data, sample, split, 'data-seed': dataSeed, model, area: area[0], iterations, step, sigma, seed },
    difficulty: typeof difficulty === 'string' ? difficulty : undefined,
    method: methodsOnCommandLine(options.methods),
  };
  const given = Object.entries(flags).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name} ${quoted(String(value))}`],
  );
  return `npx fep-native compare ${given.join(' ')}`;
}

/** As a shell reads it as one word. */
function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
