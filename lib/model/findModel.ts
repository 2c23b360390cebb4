import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { requireObject, requireString } from '../arguments';
import { FepError } from '../errors';
import { suggestion } from '../suggest';
import { type InputOverrides, overrideInput } from './inputOverrides';
import { type Manifest, parseManifest } from './manifest';
import { readManifest } from './readManifest';
import { shippedModels } from './shipped';

/** What to know about a model file that has no manifest, or to know better than its manifest. */
export interface ManifestOverrides {
  input?: InputOverrides;
  activation?: 'logits' | 'softmax';
  classes?: string[];
}

/** A model file, not loaded yet. */
export interface FoundModel {
  path: string;
  manifest: Manifest;
}

/**
 * Finds a model by file name or by the name of a shipped one, and its manifest.
 *
 * @throws FepError `FEP_MODEL_NOT_FOUND`; `FEP_MODEL_LOAD` for a bad file or manifest; `FEP_USAGE` when the file has
 *   no manifest and the overrides leave something open, naming what
 */
export async function findModel(model: string, overrides: ManifestOverrides = {}): Promise<FoundModel> {
  requireString(model, 'model');
  requireObject(overrides, 'options');
  const path = modelPath(model);
  const manifest = await readManifest(path);
  return { path, manifest: manifest ? override(manifest, overrides) : bareManifest(path, overrides) };
}

function modelPath(model: string): string {
  if (existsSync(model) && statSync(model).isFile()) return resolve(model);
  const shipped = shippedModels();
  const found = shipped.find(({ name }) => name === model);
  if (found) return found.path;
  const names = shipped.map(({ name }) => name);
  throw new FepError('FEP_MODEL_NOT_FOUND', `There is no model file and no shipped model named ${model}.`, {
    hint: `${suggestion(model, names)} Give the path of a TorchScript file, or one of: ${names.join(', ') || '(none shipped)'}.`.trimStart(),
  });
}

function override(manifest: Manifest, { input, activation, classes }: ManifestOverrides): Manifest {
  return parseManifest(
    {
      ...manifest,
      input: overrideInput(manifest.input, input),
      output: {
        activation: activation ?? manifest.output.activation,
        classes: classes ?? manifest.output.classes,
      },
    },
    'the options',
  );
}

/** The flags that only the user can know of a bare TorchScript file. */
const NEEDED = { layout: '--layout', frames: '--frames', height: '--size', width: '--size' } as const;

function bareManifest(path: string, { input = {}, activation, classes = [] }: ManifestOverrides): Manifest {
  const missing: string[] = Object.entries(NEEDED).flatMap(([key, flag]) =>
    input[key as keyof typeof NEEDED] === undefined ? [flag] : [],
  );
  if (activation === undefined) missing.push('--activation');
  if (missing.length > 0) {
    throw new FepError('FEP_USAGE', `${path} has no manifest, so its input has to be described.`, {
      hint: `Add ${[...new Set(missing)].join(' ')} (and --mean, --std if the model wants normalised pixels), or put a manifest beside the file.`,
    });
  }
  return parseManifest(
    { name: path, input: overrideInput({}, input), output: { classes, activation } },
    'the options',
  );
}
