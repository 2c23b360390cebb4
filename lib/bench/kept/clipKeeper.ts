import type { BenchRecord } from '../run/record';
import { inOrder } from '../run/results';
import type { BenchConfig } from '../settings/config';
import type { KeepClips } from '../settings/keepClips';
import { type ClipName, dropKept, type KeptMask, keepMask } from './keptClips';
import { clipsOf, selectClips } from './selectClips';

/** Keeps the masks of a running bench, or of a shard of it, and lets go of those that are not worth it. */
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
   * A clip is done with. Only clips that every method has explained are weighed against each other: one whose item
   * failed may still turn out to be worth it.
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
