import { type FlagValue, flagWords, shellWord } from '../../options/commandWords';
import type { RunRequest } from '../api';
import type { RunRecord } from './record';

/** The command that makes a run again; empty of a result that the studio did not make. */
export function commandOf({ request, located }: RunRecord): string {
  if (!request || !located) return '';
  const { clip, model } = located;
  const where =
    'path' in clip
      ? [shellWord(clip.path)]
      : [...flagWords('data', clip.data), ...flagWords('sample', clip.sample)];
  const words = [...where, ...flagWords('model', model), ...flagsOf(request)];
  return `npx fep-native explain ${words.join(' ')}`;
}

/** The same in code. */
export function codeOf({ request, located }: RunRecord): string {
  if (!request || !located) return '';
  const { start, end } = request.clip;
  const range = start === undefined && end === undefined ? '' : `, ${literal({ start, end })}`;
  const read =
    'path' in located.clip
      ? `const clip = await readClip(${literal(located.clip.path)}, model.manifest.input${range});`
      : `const { samples } = await openDataset(${literal(located.clip.data)});
const sample = samples.find(({ id }) => id === ${literal(located.clip.sample)});
const { clip } = await sample.read(model.manifest.input);`;
  const datasets = 'path' in located.clip ? '' : "\nimport { openDataset } from 'fep-native/datasets';";
  const readClip = 'path' in located.clip ? 'readClip, ' : '';
  return `import { explain, loadModel, ${readClip}saveExplanation } from 'fep-native';${datasets}

const model = await loadModel(${literal(located.model)});
${read}
const explanation = await explain(model, clip, ${literal(request.options)});
await saveExplanation('fep-out', model, clip, explanation);
model.dispose();
`;
}

function flagsOf({ clip: { start, end }, options }: RunRequest): string[] {
  return Object.entries({ start, end, ...options }).flatMap(([name, value]) =>
    flagWords(name, value as FlagValue),
  );
}

function literal(value: unknown): string {
  return JSON.stringify(value);
}
