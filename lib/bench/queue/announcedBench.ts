import { openDataset } from '../../datasets/open';
import type { Dataset } from '../../datasets/types';
import { FepError } from '../../errors/fepError';
import type { VideoModel } from '../../model/videoModel';
import { ClipReader } from '../run/clipReader';
import { computeItem, loadForBench } from '../run/computeItem';
import type { BenchRecord } from '../run/record';
import { type BenchConfig, type BenchModel, findModels, resolveBench } from '../settings/config';
import { describeDifference } from '../settings/differences';
import { changedSettings } from '../settings/folder';
import { parseBenchOptions } from '../settings/options';
import type { Announcement } from './announcement';
import type { JobData } from './job';
import type { WorkerPlace } from './workerOptions';

/** A bench as a worker runs it: its data set open, at most one model loaded. */
export class AnnouncedBench {
  private readonly clips: ClipReader;
  private loaded: { index: number; model: VideoModel } | undefined;

  private constructor(
    private readonly config: BenchConfig,
    private readonly dataset: Dataset,
    private readonly models: readonly BenchModel[],
    private readonly threads: number | undefined,
    private readonly signal: AbortSignal | undefined,
  ) {
    this.clips = new ClipReader(signal);
  }

  /**
   * Finds the models and data of a bench on this machine and checks that they are the same.
   *
   * @throws FepError `FEP_VERSION_MISMATCH` naming the differences; the errors of finding and opening them
   */
  static async open(announced: Announcement, place: WorkerPlace): Promise<AnnouncedBench> {
    const { options, config, skipErrors, threads } = announced;
    const { signal } = place;
    const own = parseBenchOptions({
      ...options,
      ...(place.models && { models: place.models }),
      ...(place.data !== undefined && { data: place.data }),
      device: place.device ?? config.device,
    });
    const models = await findModels(own.models);
    const { data, split, classes, limit, dataSeed: seed, difficulty } = own;
    const datasetOptions = { split, classes, limit, seed, difficulty, skipErrors, signal };
    const dataset = await openDataset(data, datasetOptions);
    const here = await resolveBench(own, models, dataset);
    refuseOther(config, here);
    return new AnnouncedBench(here, dataset, models, place.threads ?? threads, signal);
  }

  /** @throws FepError of loading the model or computing the item */
  async compute({ model: index, place, method }: JobData): Promise<BenchRecord> {
    const [model, sample, methodConfig] = [
      this.models[index],
      this.dataset.samples[place],
      this.config.methods[method],
    ];
    if (!model || !sample || !methodConfig) throw new FepError('FEP_USAGE', 'The bench has no such item.');
    const item = { model: model.name, sample, place, method: methodConfig };
    const { config, clips, signal } = this;
    return computeItem(await this.load(index, model), item, { config, clips, signal });
  }

  dispose(): void {
    this.loaded?.model.dispose();
    this.loaded = undefined;
  }

  private async load(index: number, { path }: BenchModel): Promise<VideoModel> {
    if (this.loaded?.index === index) return this.loaded.model;
    this.dispose();
    const { threads, signal } = this;
    const model = await loadForBench(path, this.config, { threads, signal });
    this.loaded = { index, model };
    return model;
  }
}

/** Only the location of the data and the index of the device may differ. */
function refuseOther(asked: BenchConfig, here: BenchConfig): void {
  const kind = ({ device }: BenchConfig) => device.replace(/:\d+$/, '');
  const alike: BenchConfig = {
    ...here,
    options: { ...here.options, data: asked.options.data },
    device: kind(asked) === kind(here) ? asked.device : here.device,
  };
  const changed = changedSettings(asked, JSON.parse(JSON.stringify(alike)) as BenchConfig);
  if (changed.length === 0) return;
  throw new FepError(
    'FEP_VERSION_MISMATCH',
    `This machine would compute the bench differently:\n${changed.map((difference) => `  ${describeDifference(difference)}`).join('\n')}`,
    {
      hint: 'Run the same versions of fep-native and libtorch on the same model files and data; --model and --data say where these are here.',
    },
  );
}
