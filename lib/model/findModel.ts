import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { FepError } from '../errors/fepError';
import { importedModel } from '../import/importedModel';
import type { ImportChoices } from '../import/options';
import type { ImportRun } from '../import/python';
import { isSource } from '../import/source';
import { type InputOverrides, overrideInput } from '../manifest/inputOverrides';
import {
  type Activation,
  AVERAGES,
  type AverageOver,
  LAYOUTS,
  type Manifest,
  parseManifest,
  type Tokens,
} from '../manifest/manifest';
import { readManifest } from '../manifest/readManifest';
import { defined } from '../options/defined';
import { requireObject, requireString } from '../options/requireArguments';
import { suggestion } from '../options/suggest';
import { type ForeignKind, kindOfFile, kindOfFolder } from './fileKind';
import { shippedModels } from './shipped';

/** Values for a model file without a manifest, or overrides of its manifest. */
export interface ManifestOverrides {
  input?: InputOverrides;
  activation?: Activation;
  classes?: string[];
  /** Which tensor that forward returns is the output: its index, or its name. */
  tensor?: number | string;
  /** The axis to average over when forward returns several outputs per clip. */
  averageOver?: AverageOver;
  /** How a transformer's tokens tile a clip. */
  tokens?: Tokens;
}

/** What finding a model may be told: how a source of another library is imported, and who waits for it. */
export interface FindModelOptions extends ManifestOverrides, ImportRun {
  /** For a source of another library, which is imported on the way. */
  import?: ImportChoices | undefined;
}

/** A model file, not loaded yet. */
export interface FoundModel {
  path: string;
  manifest: Manifest;
}

/**
 * Finds a model by path, by the name of a shipped one, or as a source of another library, which is imported; reads its
 * manifest.
 *
 * @throws FepError `FEP_MODEL_NOT_FOUND`; what `importModel` throws; `FEP_MODEL_LOAD` for a bad file or manifest;
 *   `FEP_USAGE` when the file has no manifest and the overrides lack required values, naming them
 */
export async function findModel(model: string, overrides: FindModelOptions = {}): Promise<FoundModel> {
  requireString(model, 'model');
  requireObject(overrides, 'options');
  const path = isSource(model) ? await imported(model, overrides) : modelPath(model);
  await requireTorchScript(path);
  const manifest = await readManifest(path);
  if (manifest?.origin) return { path, manifest: override(manifest, ofImported(overrides)) };
  requireNoImport(model, overrides.import);
  return { path, manifest: manifest ? override(manifest, overrides) : bareManifest(path, overrides) };
}

/** Without what the importer has built into the file: the order of axes, and which output, averaged over what. */
function ofImported({ tensor, averageOver, input, ...rest }: ManifestOverrides): ManifestOverrides {
  const { layout, ...others } = input ?? {};
  return { ...rest, input: others };
}

/** @throws FepError `FEP_USAGE` for an order of axes or an average that only an import can build into a file */
function requireNoImport(model: string, { layout, averageOver }: ImportChoices = {}): void {
  requireOfFile(model, '--layout', layout, LAYOUTS);
  requireOfFile(model, '--average-over', averageOver, AVERAGES);
}

function requireOfFile(
  model: string,
  flag: string,
  value: string | undefined,
  known: readonly string[],
): void {
  if (value === undefined || known.includes(value)) return;
  throw new FepError('FEP_USAGE', `${flag} ${value} is for an import, and ${model} is not imported.`, {
    hint: `Give ${known.join(' or ')}, or import the network itself: fep-native import FILE.py:FUNCTION.`,
  });
}

async function imported(source: string, options: FindModelOptions): Promise<string> {
  const {
    import: choices,
    signal,
    onStep,
    input,
    activation,
    classes,
    tokens,
    tensor,
    averageOver,
  } = options;
  try {
    const described = defined({
      input,
      activation,
      classes,
      tokens,
      signal,
      onStep,
      output: tensor,
      averageOver,
    });
    return await importedModel(source, { ...choices, ...described });
  } catch (error) {
    const lacksPython = error instanceof FepError && error.code === 'FEP_PYTHON_NOT_FOUND';
    const kind = lacksPython ? await foreignKind(source) : undefined;
    if (!kind) throw error;
    throw foreignKindError(source, { ...kind, remedy: `${(error as FepError).hint} ${kind.remedy}` });
  }
}

/** What a source is, if it is a file or a folder. */
async function foreignKind(source: string): Promise<ForeignKind | undefined> {
  if (!existsSync(source)) return undefined;
  return statSync(source).isDirectory() ? kindOfFolder(source) : kindOfFile(source);
}

/** @throws FepError `FEP_MODEL_LOAD` naming what the file is instead, and how to make a model of it */
async function requireTorchScript(path: string): Promise<void> {
  const kind = await kindOfFile(path);
  if (kind) throw foreignKindError(path, kind);
}

function foreignKindError(path: string, { what, remedy }: ForeignKind): FepError {
  return new FepError('FEP_MODEL_LOAD', `${path} is ${what}; a plain TorchScript file is wanted.`, {
    hint: remedy,
  });
}

function modelPath(model: string): string {
  if (existsSync(model) && statSync(model).isFile()) return resolve(model);
  const folder = existsSync(model) && statSync(model).isDirectory() ? kindOfFolder(model) : undefined;
  if (folder) throw foreignKindError(model, folder);
  const shipped = shippedModels();
  const found = shipped.find(({ name }) => name === model);
  if (found) return found.path;
  const names = shipped.map(({ name }) => name);
  throw new FepError('FEP_MODEL_NOT_FOUND', `There is no model file and no shipped model named ${model}.`, {
    hint: `${suggestion(model, names)} Give the path of a TorchScript file, or one of: ${names.join(', ') || '(none shipped)'}.`.trimStart(),
  });
}

function override(
  manifest: Manifest,
  { input, activation, classes, tensor, averageOver, tokens }: ManifestOverrides,
): Manifest {
  const { reference, ...rest } = manifest;
  return parseManifest(
    {
      ...rest,
      ...(reference && hasOwnSizes(manifest.input, input) && { reference }),
      input: overrideInput(manifest.input, input),
      output: { ...manifest.output, ...defined({ activation, classes, tensor, averageOver }) },
      ...(tokens && { tokens: { ...manifest.tokens, ...tokens } }),
    },
    'the options',
  );
}

/** Whether a clip has the sizes of the manifest, for which its reference was made. */
function hasOwnSizes(own: Manifest['input'], input: InputOverrides = {}): boolean {
  const sizes = ['frames', 'height', 'width'] as const;
  return sizes.every((size) => input[size] === undefined || input[size] === own[size]);
}

/** The flags required for a bare TorchScript file. */
const NEEDED = { layout: '--layout', frames: '--frames', height: '--size', width: '--size' } as const;

function bareManifest(path: string, overrides: ManifestOverrides): Manifest {
  const { input = {}, activation, classes = [], tensor, averageOver, tokens } = overrides;
  const missing: string[] = Object.entries(NEEDED).flatMap(([key, flag]) =>
    input[key as keyof typeof NEEDED] === undefined ? [flag] : [],
  );
  if (activation === undefined) missing.push('--activation');
  if (missing.length > 0) {
    throw new FepError('FEP_USAGE', `${path} has no manifest, so its input has to be described.`, {
      hint: `Add ${[...new Set(missing)].join(' ')} (and --mean, --std if the model wants normalised pixels), or put a manifest beside the file.`,
    });
  }
  const output = { classes, activation, ...defined({ tensor, averageOver }) };
  const given = { name: path, input: overrideInput({}, input), output, ...defined({ tokens }) };
  return parseManifest(given, 'the options');
}
