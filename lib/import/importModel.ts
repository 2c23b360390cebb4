import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FepError } from '../errors/fepError';
import { type Manifest, parseManifest } from '../manifest/manifest';
import { parseOptions } from '../options/parseOptions';
import { requireSignal, requireString } from '../options/requireArguments';
import { type ImportChoices, type ImportDescription, importArguments, importChoicesSchema } from './options';
import { type FoundPython, findPython, type ImportRun, requireTorch, runImporter } from './python';

/** What `importModel` takes beside the source. */
export interface ImportModelOptions extends ImportChoices, ImportDescription, ImportRun {
  /** Class names in the order of the outputs; default: the source's. */
  classes?: readonly string[] | undefined;
}

/**
 * Makes a model file of another library's model: a HuggingFace folder, `torchvision:NAME`, `pytorchvideo:NAME`,
 * `mmaction2:CONFIG.py`, `release:NAME`, `FILE.py:FUNCTION`, or a program of torch.export.
 *
 * It runs in the user's own Python, which has torch and that library. The TorchScript file is compared with the library's
 * network: logits to 1e-5 and gradients with respect to the clip to 1e-4 of the largest, or nothing is written.
 *
 * @param out the model file to write
 * @returns the manifest of the model file; its `origin` says what was compared
 * @throws FepError `FEP_MODEL_IMPORT` saying what the source lacks, `FEP_PYTHON_NOT_FOUND`, `FEP_USAGE`
 */
export async function importModel(
  source: string,
  out: string,
  options: ImportModelOptions = {},
): Promise<Manifest> {
  requireString(source, 'source');
  requireString(out, 'out');
  requireSignal(options.signal);
  return importWith(() => requireTorch(findPython(options.python)), source, out, options);
}

/** The same with a Python that was found before: asking one what it has starts it. */
export async function importWith(
  find: () => FoundPython,
  source: string,
  out: string,
  options: ImportModelOptions,
): Promise<Manifest> {
  const { signal, onStep, classes, name, input, activation, tokens, ...choices } = options;
  const chosen = parseOptions(importChoicesSchema, choices, {
    of: 'importModel',
    hint: 'See ImportModelOptions.',
  });
  const python = find();
  const args = importArguments(chosen, { name, input, activation, tokens });
  return withClasses(classes, async (classFlags) => {
    const command = [source, '--json', `--out=${out}`, ...args, ...classFlags];
    const written = await answer(python.path, command, { signal, onStep });
    try {
      return parseManifest(written, source);
    } catch (error) {
      await rm(out, { force: true }); // no other command could read it
      throw error;
    }
  });
}

/** Class names travel in a file. */
async function withClasses<T>(
  classes: readonly string[] | undefined,
  work: (flags: string[]) => Promise<T>,
): Promise<T> {
  if (classes === undefined) return work([]);
  const folder = await mkdtemp(join(tmpdir(), 'fep-import-'));
  try {
    const file = join(folder, 'classes.json');
    await writeFile(file, JSON.stringify(classes));
    return await work([`--classes=${file}`]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What the importer prints: a manifest, or an error. */
type Answer = { manifest: unknown } | { error: { message: string; hint: string } };

async function answer(python: string, args: string[], run: ImportRun): Promise<unknown> {
  const { stdout, stderr } = await runImporter(python, args, run);
  const read = parseAnswer(stdout);
  if (read && 'manifest' in read) return read.manifest;
  if (read) {
    const { message, hint } = read.error;
    throw new FepError('FEP_MODEL_IMPORT', message, hint ? { hint } : {});
  }
  const last = stderr.trim().split('\n').at(-1) || 'it said nothing';
  throw new FepError('FEP_MODEL_IMPORT', `The importer ended without an answer: ${last}`, {
    hint: `Find out with: PYTHONPATH=… ${python} -m fep_import --help`,
  });
}

/** The last line of what was printed: libraries print too. */
function parseAnswer(stdout: string): Answer | undefined {
  try {
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Answer;
  } catch {
    return undefined;
  }
}
