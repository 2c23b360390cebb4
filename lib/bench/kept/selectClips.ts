import { METRICS, type Metric } from '../../evaluate/metrics';
import { CLIP_ORDERS, type ClipOrder, clipSortKey, FIRST_METRICS } from '../../report/page/clipOrder';
import type { BenchRecord } from '../run/record';
import type { BenchConfig } from '../settings/config';
import type { KeepClips } from '../settings/keepClips';

/** A sample on one model, with the records of all methods. */
export interface BenchClip {
  model: string;
  sample: string;
  place: number;
  records: BenchRecord[];
}

/** Groups records by clip, in the records' order. */
export function clipsOf(records: readonly BenchRecord[]): BenchClip[] {
  const clips = new Map<string, BenchClip>();
  for (const record of records) {
    const { model, sample, place } = record;
    const key = JSON.stringify([model, place]);
    const clip = clips.get(key) ?? { model, sample, place, records: [] };
    clips.set(key, clip);
    clip.records.push(record);
  }
  return [...clips.values()];
}

/**
 * Selects the clips whose masks are kept: for each model the first `keep` clips of each order, by the metric and budget
 * that the bench's page shows by default.
 *
 * A clip that is selected from all clips is also selected from any subset that contains it, so a running bench or shard
 * can drop unselected clips without knowing the rest.
 */
export function selectClips(
  clips: readonly BenchClip[],
  config: BenchConfig,
  keep: KeepClips,
): Set<BenchClip> {
  if (keep === 'all') return new Set(clips);
  const rivals = config.methods.filter(({ control }) => !control);
  const methods = new Set((rivals.length > 0 ? rivals : config.methods).map(({ label }) => label));
  const metric = firstMetric(clips);
  const ranked = clips.flatMap((clip) => {
    const values = valuesOf(clip, methods, metric, config.options.area[0]!);
    return values.length > 0 ? [{ clip, values }] : [];
  });
  const first = (model: string, order: ClipOrder) =>
    ranked
      .filter(({ clip }) => clip.model === model)
      .map(({ clip, values }) => ({ clip, key: clipSortKey(values, metric.better, order) }))
      .sort((a, b) => b.key - a.key || a.clip.place - b.clip.place)
      .slice(0, keep)
      .map(({ clip }) => clip);
  return new Set(config.models.flatMap(({ name }) => CLIP_ORDERS.flatMap((order) => first(name, order))));
}

function firstMetric(clips: readonly BenchClip[]): Metric {
  const isKnown = ({ of }: Metric) =>
    clips.some(({ records }) => records.some(({ masks }) => masks.some(({ scores }) => of(scores) !== null)));
  const metrics = FIRST_METRICS.map((name) => METRICS.find((metric) => metric.name === name)!);
  return metrics.find(isKnown) ?? metrics.at(-1)!;
}

function valuesOf({ records }: BenchClip, methods: Set<string>, { of }: Metric, area: number): number[] {
  return records
    .filter(({ method }) => methods.has(method))
    .flatMap(({ masks }) => masks.filter((mask) => mask.area === area || mask.area === null))
    .flatMap(({ scores }) => of(scores) ?? []);
}
