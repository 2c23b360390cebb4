import type { Metric } from '../../evaluate/metrics';
import type { BenchClipDocument } from '../../report/page/document';
import { compareCommand } from '../commandLine';
import type { BenchRecord } from '../run/record';
import type { BenchConfig } from '../settings/config';
import type { PageOf } from './keptPages';
import { clipsOf } from './selectClips';

/** The methods' scores on each clip, with the clip's page, if kept, and the command that explains it. */
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
      model,
      sample,
      label,
      target,
      command: compareCommand(clip, config),
      ...(page !== undefined && { page }),
      scores: clip.records.flatMap(({ method, masks }) =>
        masks.map(({ area, scores }) => ({ method, area, values: metrics.map(({ of }) => of(scores)) })),
      ),
    };
  });
}
