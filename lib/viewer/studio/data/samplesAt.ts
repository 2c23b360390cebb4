import type { SamplePage } from '../../../studio/api';
import { ask } from './client';

/** Samples that the picker shows at a time. */
export const SAMPLES_SHOWN = 12;

interface Wanted {
  set: string;
  search: string;
  label: string;
  from: number;
}

/** Where a part of a data set's list is, and how it is asked for. */
export function samplesAt({ from, ...wanted }: Wanted): { path: string; ask: () => Promise<SamplePage> } {
  const query = new URLSearchParams({ ...wanted, from: String(from), count: String(SAMPLES_SHOWN) });
  const path = `/api/samples?${query}`;
  return { path, ask: () => ask<SamplePage>(path) };
}
