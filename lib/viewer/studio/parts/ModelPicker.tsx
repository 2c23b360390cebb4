import { attempt, facts, loadFacts } from '../data/store';
import { upload } from '../data/upload';

interface ModelPickerProps {
  chosen: string;
  onChoose: (id: string) => void;
}

/** Takes one of the models that the studio offers, or a file where it may be sent. */
export function ModelPicker({ chosen, onChoose }: ModelPickerProps) {
  const { models = [], allowModelUpload = false } = facts.value ?? {};
  const take = (file: File | undefined) =>
    file &&
    attempt(async () => {
      const { id } = await upload(file, 'model', () => undefined);
      await loadFacts();
      onChoose(`upload:${id}`);
    });
  return (
    <div class="picker">
      <label class="row">
        <span>Model</span>
        <select aria-label="Model" value={chosen} onChange={(event) => onChoose(event.currentTarget.value)}>
          {models.map(({ id, name, origin }) => (
            <option key={id} value={id}>
              {origin === 'shipped' ? name : `${name} (${origin})`}
            </option>
          ))}
        </select>
      </label>
      {models.some(({ id, origin }) => id === chosen && origin === 'shipped') && (
        <p class="note">
          It knows the motions of one square alone, as in the sample: to try things out. For other clips take
          a model of yours, by --model or --models.
        </p>
      )}
      {allowModelUpload && (
        <label class="row">
          <span>or a file</span>
          <input
            type="file"
            aria-label="Model file"
            onChange={(event) => take(event.currentTarget.files?.[0])}
          />
        </label>
      )}
    </div>
  );
}
