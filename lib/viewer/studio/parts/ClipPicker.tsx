import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { ClipReference, Problem } from '../../../studio/api';
import { attempt, facts, loadFacts, problem } from '../data/store';
import { upload } from '../data/upload';

interface ClipPickerProps {
  chosen: ClipReference;
  onChoose: (source: ClipReference) => void;
}

/** Takes a clip that is dropped or picked, or one of those that the studio offers. */
export function ClipPicker({ chosen, onChoose }: ClipPickerProps) {
  const sending = useSignal<number | null>(null);
  const take = (file: File | undefined) => {
    if (!file || sending.value !== null) return;
    sending.value = 0;
    void attempt(async () => {
      const { id } = await upload(file, 'clip', (share) => (sending.value = share));
      await loadFacts();
      onChoose({ kind: 'upload', id });
    }).finally(() => (sending.value = null));
  };
  useDrop((files) => {
    if (files.length > 1) problem.value = tooMany(files.length);
    else take(files[0]);
  });
  const clips = facts.value?.clips ?? [];
  const now = clips.findIndex(({ source }) => JSON.stringify(source) === JSON.stringify(chosen));
  return (
    <div class="picker">
      <label class="drop">
        <span>Drop a clip anywhere, or pick one</span>
        <input
          type="file"
          accept="video/*,.gif,.webp,.npy"
          aria-label="Clip"
          onChange={(event) => take(event.currentTarget.files?.[0])}
        />
      </label>
      {sending.value !== null && <progress aria-label="Upload" value={sending.value} max={1} />}
      <label class="row">
        <span>or one of these</span>
        <select
          aria-label="Offered clip"
          value={String(now)}
          onChange={(event) => {
            const clip = clips[Number(event.currentTarget.value)];
            if (clip) onChoose(clip.source);
          }}
        >
          {clips.map(({ name, source }, i) => (
            <option key={JSON.stringify(source)} value={String(i)}>
              {name}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}

function tooMany(count: number): Problem {
  const message = `${count} files were dropped; a run is of one clip.`;
  return { code: 'FEP_USAGE', message, hint: 'Drop one of them. For many clips there is fep-native bench.' };
}

/** Files that are dropped anywhere on the page. */
function useDrop(take: (files: File[]) => void): void {
  useEffect(() => {
    const over = (event: DragEvent) => event.preventDefault();
    const drop = (event: DragEvent) => {
      event.preventDefault();
      take([...(event.dataTransfer?.files ?? [])]);
    };
    addEventListener('dragover', over);
    addEventListener('drop', drop);
    return () => {
      removeEventListener('dragover', over);
      removeEventListener('drop', drop);
    };
  });
}
