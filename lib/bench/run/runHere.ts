import type { VideoModel } from '../../model/videoModel';
import { ClipReader } from './clipReader';
import { computeItem, loadForBench } from './computeItem';
import type { Item } from './items';
import { ProgressMeter } from './progress';
import type { ShardRun } from './runShard';
import { settleFailure } from './settleFailure';
import { SideBySide } from './sideBySide';

/** Computes the open items in this process, one after the other. */
export async function runHere(run: ShardRun): Promise<void> {
  const { plan, total, open, results } = run;
  const meter = new ProgressMeter(total, open, results.lines, plan.options.onProgress);
  const clips = new ClipReader(plan.options.signal, plan.config.options.batch);
  const sideBySide = new SideBySide(plan.config, plan.dataset, clips, plan.options);
  for (const { name, path } of plan.models) {
    const own = open.filter((item) => item.model === name);
    if (own.length === 0) continue;
    const model = await loadForBench(path, plan.config, plan.options);
    for (const warning of model.warnings) plan.options.onRemark?.(`${name}: ${warning}`);
    try {
      for (const [i, item] of own.entries()) {
        await runItem(model, item, run, { meter, clips, sideBySide });
        if (own[i + 1]?.place !== item.place) await plan.keeper.tidy(run.records);
      }
    } finally {
      model.dispose();
    }
  }
}

async function runItem(
  model: VideoModel,
  item: Item,
  { plan: { config, options, keeper }, results, records, errors }: ShardRun,
  { meter, clips, sideBySide }: { meter: ProgressMeter; clips: ClipReader; sideBySide: SideBySide },
): Promise<void> {
  const context = { config, clips, signal: options.signal, keeper, sideBySide };
  meter.begin(item);
  try {
    const record = await computeItem(model, item, context, (fraction) => meter.at(fraction));
    results.append(record);
    records.push(record);
  } catch (error) {
    settleFailure(item, error, options, errors);
  }
  meter.finish();
}
