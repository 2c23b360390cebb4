import type { RunSummary } from '../api';
import { codeOf, commandOf } from '../runs/commandLine';
import type { RunRecord } from '../runs/record';
import type { StudioContext } from './context';

/** A run as the page is told of it. */
export function summaryOf(id: string, record: RunRecord, { queue }: StudioContext): RunSummary {
  const job = queue.get(id);
  const { located: _, ...shown } = job ? { ...job.record, title: record.title } : record;
  return {
    id,
    ...shown,
    command: commandOf(record),
    code: codeOf(record),
    before: job ? queue.before(job) : 0,
  };
}
