import { statSync } from 'node:fs';
import type { Command } from 'commander';
import { messageOf } from '../../errors/fepError';
import type { ModelCost } from '../../explain/cost';
import type { Manifest } from '../../manifest/manifest';
import { chooseLayers, isCamLayer, type Layer } from '../../model/layers';
import type { LoadModelOptions } from '../../model/loadModel';
import { peakMemory } from '../../system/peakMemory';
import { during } from '../during';
import { examples } from '../examples';
import { EXIT } from '../exitCodes';
import { interruptSignal } from '../interrupt';
import { describeModelCheck, type ModelCheckReport, reportModelCheck } from '../modelCheckReport';
import { findModelFile } from '../modelFile';
import { addModelOptions, type ModelFlags } from '../modelOptions';
import { type OutputOptions, printResult, say, table } from '../output';
import {
  addExpectOptions,
  checkPreprocessing,
  describePreprocessing,
  type ExpectFlags,
  requireBoth,
} from '../verifyExpected';

export function addModels(program: Command): void {
  const models = program.command('models').description('list, inspect and verify models');
  models.addHelpText('after', examples('models', 'models inspect tsm-mini', 'models verify my-model.pt'));
  models
    .command('list', { isDefault: true })
    .description('list the models shipped with the package, or what can be imported')
    .option('--importable', "the other libraries' models that can be imported, and what they need here")
    .option('--json', 'print one JSON object')
    .option('--quiet', 'no progress and no remarks')
    .addHelpText('after', examples('models', 'models list --json'))
    .action(listModels);
  const inspect = models
    .command('inspect <file|name>')
    .description(
      "show a model's manifest, check and layers, and the cost of a forward pass and of an explanation",
    )
    .option('--manifest-only', 'do not load the model')
    .option('--json', 'print one JSON object')
    .option('--quiet', 'no progress and no remarks');
  addModelOptions(inspect)
    .addHelpText('after', examples('models inspect tsm-mini', 'models inspect my-model.pt --manifest-only'))
    .action(inspectModel);
  const verify = models
    .command('verify <file|name>')
    .description(
      'load a model, run its reference input, and check how it can be explained; with --expect, compare the probabilities of a clip with known ones',
    )
    .option('--json', 'print one JSON object')
    .option('--quiet', 'no progress and no remarks');
  addModelOptions(addExpectOptions(verify))
    .addHelpText(
      'after',
      examples(
        'models verify r2plus1d-mini',
        'models verify my-model.pt --device cuda',
        'models verify my-model.pt --clip clip.mp4 --expect probabilities.json',
      ),
    )
    .action(verifyModel);
}

async function listModels(flags: OutputOptions & { importable?: boolean }): Promise<void> {
  if (flags.importable) return listImportable(flags);
  const { readManifest } = await import('../../manifest/readManifest.js');
  const { shippedModels } = await import('../../model/shipped.js');
  const models = await Promise.all(
    shippedModels().map(async ({ name, path }) => ({
      name,
      path,
      bytes: statSync(path).size,
      manifest: await readManifest(path),
    })),
  );
  printResult(
    { models },
    () =>
      table([
        ['NAME', 'ARCHITECTURE', 'INPUT', 'CLASSES', 'SIZE'],
        ...models.map(({ name, bytes, manifest }) => [
          name,
          manifest?.architecture ?? '?',
          manifest ? `${manifest.input.frames}x${manifest.input.height}x${manifest.input.width}` : '?',
          String(manifest?.output.classes.length ?? '?'),
          `${(bytes / 2 ** 20).toFixed(1)} MiB`,
        ]),
      ]),
    flags,
  );
}

/** Shows the kinds of sources, and which of the packages that they need the active Python has. */
async function listImportable(flags: OutputOptions): Promise<void> {
  const { SOURCE_KINDS } = await import('../../import/source.js');
  const { tryFindPython } = await import('../../import/python.js');
  const python = tryFindPython();
  const sources = SOURCE_KINDS.map((kind) => {
    const missing = ['torch', ...kind.needs].filter((name) => !python?.packages[name]);
    return { ...kind, missing };
  });
  printResult(
    { python: python?.path ?? null, sources },
    () =>
      [
        table([
          ['SOURCE', 'MODELS', 'IN THE ACTIVE PYTHON'],
          ...sources.map(({ form, models, missing }) => [
            form,
            models,
            missing.length === 0 ? 'ready' : `needs ${missing.join(', ')}`,
          ]),
        ]),
        '',
        'fep-native import SOURCE --out model.pt, or explain --model SOURCE. docs/models.md has the checks and figures.',
      ].join('\n'),
    flags,
  );
}

interface InspectFlags extends ModelFlags, OutputOptions {
  manifestOnly?: boolean;
}

/** Shows the manifest even if libtorch is missing or the model does not load, which is only a warning. */
async function inspectModel(model: string, flags: InspectFlags): Promise<void> {
  const signal = interruptSignal();
  const { found, load } = await findModelFile(model, flags, signal);
  const measured = flags.manifestOnly
    ? null
    : await inspectLoaded(found.path, { ...load, signal }, flags, signal);
  const { layers = null, cost = null, check = null } = measured ?? {};
  printResult(
    { ...found, check, layers, cost },
    ({ path, manifest }) =>
      [
        path,
        JSON.stringify(manifest, null, 2),
        ...(check ? ['', ...describeModelCheck(check)] : []),
        ...(layers ? describeLayers(layers, manifest) : []),
        ...(cost ? describeCost(cost) : []),
      ].join('\n'),
    flags,
  );
}

/** A model's cost, measured in this process, which has run nothing else. */
interface InspectedCost extends ModelCost {
  /** Peak memory of the whole process in bytes, including libtorch and its kernels' scratch space. */
  processBytes: number;
}

/** @returns null after a warning if the model cannot be loaded */
async function inspectLoaded(
  path: string,
  load: LoadModelOptions,
  flags: InspectFlags,
  signal: AbortSignal,
): Promise<{ check: ModelCheckReport; layers: Layer[]; cost: InspectedCost | null } | null> {
  const { loadModel } = await import('../../model/loadModel.js');
  const { measureCost } = await import('../../explain/cost.js');
  try {
    const model = await during('loading the model', flags, () => loadModel(path, load));
    try {
      const check = await during('checking it', flags, () => reportModelCheck(model, signal));
      const layers = await model.layers(signal);
      const measure = () => during('measuring its cost', flags, () => measureCost(model, {}, signal));
      const cost = await measure().catch((error: unknown) => {
        signal.throwIfAborted();
        say(`warning: its cost cannot be measured: ${messageOf(error)}`, flags);
        return null;
      });
      return { check, layers, cost: cost && { ...cost, processBytes: peakMemory() } };
    } finally {
      model.dispose();
    }
  } catch (error) {
    signal.throwIfAborted();
    say(`warning: its check and its layers cannot be listed: ${messageOf(error)}`, flags);
    return null;
  }
}

function describeLayers(layers: Layer[], { camLayer, tokens }: Manifest): string[] {
  const named = camLayer ?? tokens?.layer;
  const rows = layers.map((layer) => [layer.name, layer.type, layer.shape.join('x'), usableAs(layer)]);
  const used = named ?? (layers.some(isCamLayer) ? chooseLayers(layers, null) : []).map(nameOf).join(',');
  return [
    '',
    table([['LAYER', 'TYPE', 'OUTPUT FOR ONE CLIP', 'GRAD-CAM'], ...rows]),
    '',
    'GRAD-CAM: the order of the axes where a layer has an extent in space, or the grid of its tokens, so that --layer can name it.',
    ...(used === '' ? [] : [`It looks at ${used} unless told otherwise.`]),
  ];
}

function nameOf({ name }: Layer): string {
  return name;
}

/** `NCTHW`; `NLC 8x14x14` of tokens; `-` where it is not usable. */
function usableAs({ maps, grid }: Layer): string {
  return [maps ?? '-', ...(grid ? [grid.join('x')] : [])].join(' ');
}

function describeCost(cost: InspectedCost): string[] {
  const { parameters, weightBytes, multiplyAccumulates, flops, explanationBytes, processBytes } = cost;
  return [
    '',
    `Parameters: ${parameters.toLocaleString('en')} (${mebibytes(weightBytes)})`,
    `One forward of one clip: ${giga(flops)} GFLOP, which is ${giga(multiplyAccumulates)} G multiply-accumulates`,
    `Memory of an explanation by f-ep at one area: ${mebibytes(explanationBytes)} of tensors, weights included;`,
    `  this process held ${mebibytes(processBytes)} in all while it was measured`,
  ];
}

function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}

function giga(count: number): string {
  return (count / 1e9).toFixed(3);
}

async function verifyModel(name: string, flags: ModelFlags & OutputOptions & ExpectFlags): Promise<void> {
  requireBoth(flags);
  const { loadModel } = await import('../../model/loadModel.js');
  const signal = interruptSignal();
  const { found, load } = await findModelFile(name, flags, signal);
  const model = await during('loading the model', flags, () => loadModel(found.path, { ...load, signal }));
  const { reference } = model.manifest;
  const check = await during('checking it', flags, () => reportModelCheck(model, signal)).catch((error) => {
    model.dispose();
    throw error;
  });
  const result = {
    path: model.path,
    classes: model.classes,
    parameters: model.native.parameters,
    methods: model.native.methods,
    reference: reference ? 'reproduced' : 'none in the manifest',
    check,
  };
  const preprocessing = await checkPreprocessing(model, flags).finally(() => model.dispose());
  if (preprocessing && !preprocessing.agrees) process.exitCode = EXIT.failed;
  printResult(
    { ...result, ...(preprocessing && { preprocessing }) },
    (r) =>
      [
        `${r.path}: ${r.classes} classes, ${r.parameters} parameters, exports ${['forward', ...r.methods].join(', ')}; reference output ${r.reference}`,
        '',
        ...describeModelCheck(r.check),
        ...(preprocessing ? describePreprocessing(preprocessing) : []),
      ].join('\n'),
    flags,
  );
}
