import { flagName } from '../../options/flagName';
import type { RunRequest } from '../api';
import type { RunRecord } from './record';

/** The command that makes a run again; empty of a result that the studio did not make. */
export function commandOf({ request, located }: RunRecord): string {
  if (!request || !located) return '';
  const { clip, model } = located;
  const where =
    'path' in clip ? [quoted(clip.path)] : ['--data', quoted(clip.data), '--sample', quoted(clip.sample)];
  const words = [...where, '--model', quoted(model), ...rangeFlags(request), ...optionFlags(request)];
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

function rangeFlags({ clip: { start, end } }: RunRequest): string[] {
  return [
    ...(start === undefined ? [] : ['--start', String(start)]),
    ...(end === undefined ? [] : ['--end', String(end)]),
  ];
}

function optionFlags({ options }: RunRequest): string[] {
  return Object.entries(options).flatMap(([name, value]) => {
    if (value === undefined || value === false) return [];
    const flag = `--${flagName(name)}`;
    return value === true ? [flag] : [flag, quoted(String(value))];
  });
}

function literal(value: unknown): string {
  return JSON.stringify(value);
}

/** A word as a POSIX shell reads it. */
function quoted(word: string): string {
  return /^[\w./:@=,+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
