import type { BenchRecord } from '../run/record';
import type { BenchConfig } from '../settings/config';
import { csv } from './csv';
import { markdownTable } from './markdown';

/** Mean seconds per clip over all budgets. Kept out of the result tables, as they differ between runs. */
export interface TimingRow {
  model: string;
  method: string;
  clips: number;
  /** Time of the explanation. */
  seconds: number | null;
  /** Share of `seconds` spent inside the model, in [0, 1]. */
  modelShare: number | null;
  /** Time of the metrics. */
  scoringSeconds: number | null;
}

export function timingRows(records: readonly BenchRecord[], { models, methods }: BenchConfig): TimingRow[] {
  return models.flatMap(({ name }) =>
    methods.map(({ label }) => {
      const times = records
        .filter(({ model, method }) => model === name && method === label)
        .map(({ timing }) => timing);
      const mean = (of: (time: BenchRecord['timing']) => number) =>
        times.length > 0 ? times.reduce((sum, time) => sum + of(time), 0) / times.length : null;
      const seconds = mean((time) => time.seconds);
      const modelSeconds = mean((time) => time.modelSeconds);
      return {
        model: name,
        method: label,
        clips: times.length,
        seconds,
        modelShare: seconds && modelSeconds !== null ? modelSeconds / seconds : null,
        scoringSeconds: mean((time) => time.scoringSeconds),
      };
    }),
  );
}

export function markdownTiming(rows: readonly TimingRow[], { device, options }: BenchConfig): string {
  const head = ['Method', 'Model', 'n', 'Seconds per clip', 'In the model', 'Metrics, seconds'];
  const body = rows.map(({ model, method, clips, seconds, modelShare, scoringSeconds }) => [
    method,
    model,
    String(clips),
    seconds?.toFixed(3) ?? '–',
    modelShare === null ? '–' : `${(100 * modelShare).toFixed(0)} %`,
    scoringSeconds?.toFixed(3) ?? '–',
  ]);
  const note = `On ${device}, ${options.precision}; all ${options.area.length} budgets of a clip together.`;
  return `# Time\n\n${note}\n\n${markdownTable(head, body)}\n`;
}

export function csvTiming(rows: readonly TimingRow[]): string {
  const head = ['model', 'method', 'clips', 'seconds', 'modelShare', 'scoringSeconds'];
  const body = rows.map((row) => [
    row.model,
    row.method,
    row.clips,
    row.seconds,
    row.modelShare,
    row.scoringSeconds,
  ]);
  return csv([head, ...body]);
}
