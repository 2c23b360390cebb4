import type { Dataset } from '../../datasets/types';
import { messageOf } from '../../errors/fepError';
import { type ClipAndTarget, findMasksSideBySide } from '../../explain/findMasks';
import type { ExplainProgress, Explanation } from '../../explain/types';
import type { MaskConfig } from '../../methods/config';
import { isMaskMethod } from '../../methods/methods';
import type { VideoModel } from '../../model/videoModel';
import type { BenchConfig, BenchMethodConfig } from '../settings/config';
import type { BenchCallOptions } from '../settings/types';
import type { ClipReader } from './clipReader';
import type { Item } from './items';
import { itemKey } from './record';

/** Of one run: each is some 8 MB of tensors at 16×112×112, beside the model's. */
const MOST_MASKS = 64;

/** A method of a group, and what it comes to for the model at hand. */
interface Member {
  label: string;
  config: MaskConfig;
}

/**
 * Explains the clips of a batch in one run, and with them all settings that differ in their bands of frequencies only.
 * The items come for their explanations one by one.
 *
 * Batches are of fixed clips, whether or not some of their items have been finished before: what runs beside a clip
 * decides how the model rounds.
 */
export class SideBySide {
  private batch: { model: string; number: number } | undefined;
  private readonly found = new Map<string, Explanation>();
  /** Groups of the batch that have run, by their first label. */
  private readonly tried = new Set<string>();

  constructor(
    private readonly config: BenchConfig,
    private readonly dataset: Dataset,
    private readonly clips: ClipReader,
    private readonly watch: Pick<BenchCallOptions, 'signal' | 'onRemark'>,
  ) {}

  /**
   * @param onFraction is told how much of the run is done, in [0, 1]
   * @returns undefined when the item is to be explained by itself: it makes no mask, or its batch failed, so that each
   *   item meets its own error
   */
  async explanationOf(
    model: VideoModel,
    { model: name, place, method }: Item,
    onFraction: (fraction: number) => void,
  ): Promise<Explanation | undefined> {
    const size = this.config.options.batch ?? 1;
    if (size === 1 || method.method === 'oracle' || !isMaskMethod(method.method)) return undefined;
    this.begin(name, Math.floor(place / size));
    const group = this.groupOf(method, name);
    const first = group[0]!.label;
    if (!this.tried.has(first)) {
      this.tried.add(first);
      await this.run(model, group, size, onFraction).catch((error: unknown) => {
        if (this.watch.signal?.aborted) throw error;
        this.watch.onRemark?.(`${first}: a batch failed, its clips follow one by one: ${messageOf(error)}`);
      });
    }
    return this.found.get(itemKey({ model: name, place, method: method.label }));
  }

  private begin(model: string, number: number): void {
    if (this.batch?.model === model && this.batch.number === number) return;
    this.batch = { model, number };
    this.found.clear();
    this.tried.clear();
  }

  /** A method and those that it can share a run with. */
  private groupOf(method: BenchMethodConfig, model: string): Member[] {
    const own = memberOf(method, model);
    if (own.config.modulation === null) return [own];
    const members = this.config.methods
      .filter((other) => other.method === method.method)
      .map((other) => memberOf(other, model));
    return members.filter(({ config }) => sharedPart(config) === sharedPart(own.config));
  }

  private async run(
    model: VideoModel,
    group: readonly Member[],
    size: number,
    onFraction: (fraction: number) => void,
  ): Promise<void> {
    const { number, model: name } = this.batch!;
    const clips = await this.readAll(model, number * size, (number + 1) * size);
    if (clips.length === 0) return;
    const watch = {
      onProgress: ({ iteration, iterations }: ExplainProgress) => onFraction((iteration + 1) / iterations),
      signal: this.watch.signal,
    };
    for (const members of inRuns(group, clips.length)) {
      const configs = members.map(({ config }) => config);
      const found = await findMasksSideBySide(model, clips, configs, watch);
      for (const [i, { place }] of clips.entries()) {
        for (const [cell, { label }] of members.entries()) {
          this.found.set(itemKey({ model: name, place, method: label }), found[i]![cell]!);
        }
      }
    }
  }

  /** The batch's clips; one that cannot be read is left to its own items, which say why. */
  private async readAll(model: VideoModel, first: number, end: number) {
    const read: (ClipAndTarget & { place: number })[] = [];
    for (const [i, sample] of this.dataset.samples.slice(first, end).entries()) {
      const annotated = await this.clips.read(model, sample).catch(() => undefined);
      if (annotated) read.push({ place: first + i, clip: annotated.clip, target: -1 });
    }
    return read;
  }
}

/** A group's settings, so many at a time that a run does not hold too many masks. */
function inRuns(group: readonly Member[], clips: number): Member[][] {
  const masks = clips * group[0]!.config.areas.length;
  const each = Math.max(Math.floor(MOST_MASKS / masks), 1);
  return Array.from({ length: Math.ceil(group.length / each) }, (_, i) =>
    group.slice(i * each, (i + 1) * each),
  );
}

function memberOf({ label, resolved }: BenchMethodConfig, model: string): Member {
  return { label, config: resolved[model] as MaskConfig };
}

/** Everything of a configuration but the bands. No run ends early before the last of its bands is open. */
function sharedPart({ modulation, ...config }: MaskConfig): string {
  const { domain, part, course, courseEnd } = modulation ?? {};
  const end = config.until === 'converged' ? { course, courseEnd } : {};
  return JSON.stringify({ ...config, domain, part, ...end });
}
