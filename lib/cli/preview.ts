import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clip } from '../clip/types';
import { messageOf } from '../errors/fepError';
import type { ExplainProgress } from '../explain/types';
import { makeFolder } from '../files/makeFolder';
import { writePreview } from '../report/preview';

const FIRST_AFTER_MS = 8000;
const THEN_EVERY_MS = 5000;

/** A picture of the mask as it forms. */
export interface Preview {
  update(progress: ExplainProgress): void;
  /** Takes the picture away: the results stand in its place. */
  remove(): Promise<void>;
}

/** Draws `preview.png` in a folder while a run takes longer than some seconds. */
export function previewIn(folder: string, clip: Clip, tell: (line: string) => void): Preview {
  const file = join(folder, 'preview.png');
  let due = performance.now() + FIRST_AFTER_MS;
  let drawing: Promise<void> | undefined;
  let drawn = false;
  const draw = async (title: string, mask: Float32Array) => {
    await makeFolder(folder);
    await writePreview(file, { clip, mask, title });
    if (!drawn) tell(`preview: ${file}`);
    drawn = true;
  };
  return {
    update({ mask, iteration, iterations }) {
      if (!mask || drawing || performance.now() < due) return;
      drawing = draw(`After ${iteration + 1} of at most ${iterations} updates`, mask)
        .then(() => {
          due = performance.now() + THEN_EVERY_MS;
        })
        .catch((error) => {
          due = Number.POSITIVE_INFINITY;
          tell(`warning: no preview: ${messageOf(error)}`);
        })
        .finally(() => {
          drawing = undefined;
        });
    },
    async remove() {
      await drawing;
      due = Number.POSITIVE_INFINITY;
      if (drawn) await rm(file, { force: true });
    },
  };
}
