import type { BenchRecord } from '../run/record';
import { inOrder } from '../run/results';
import type { BenchConfig } from '../settings/config';
import type { KeepClips } from '../settings/keepClips';
import { type ClipName, dropKept, type KeptMask, keepMask } from './keptClips';
import { clipsOf, selectClips } from './selectClips';

/** Keeps the masks of a running bench or shard, and deletes those of clips that are not selected. */
export class ClipKeeper {
  constructor(
    private readonly out: string,
    private readonly config: BenchConfig,
    private readonly keep: KeepClips,
  ) {}

  /** @throws FepError `FEP_IO` */
  async add(name: ClipName, mask: KeptMask): Promise<void> {
    if (this.keep !== 0) await keepMask(this.out, name, this.config, mask);
  }

  /**
   * Deletes the masks of unselected clips; called after each clip. Only clips that every method has explained are
   * ranked, so a clip with a failed item keeps its masks.
   */
  async tidy(records: readonly BenchRecord[]): Promise<void> {
    if (this.keep === 'all') return;
    const clips = clipsOf(inOrder(records, this.config));
    const finished = clips.filter((clip) => clip.records.length === this.config.methods.length);
    const selected = selectClips(finished, this.config, this.keep);
    await dropKept(
      this.out,
      finished.filter((clip) => !selected.has(clip)),
      'all',
    );
  }
}
