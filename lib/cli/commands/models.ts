import { statSync } from 'node:fs';
import type { Command } from 'commander';
import type { Manifest } from '../../manifest/manifest';
import { chooseLayers, isCamLayer, type Layer } from '../../model/layers';
import { duration } from '../duration';
import { during } from '../during';
import { examples } from '../examples';
import { EXIT } from '../exitCodes';
import { type InspectedCost, type InspectFlags, inspectedModel } from '../inspectedModel';
import { interruptSignal } from '../interrupt';
import { describeModelCheck, reportModelCheck } from '../modelCheckReport';
import { findModelFile, loadAnnounced } from '../modelFile';
import { addModelOptions, type ModelFlags } from '../modelOptions';
import { type OutputOptions, printResult, table } from '../output';
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
    .option('--measure', 'run a model for its check and memory though that takes long')
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

/** Shows the manifest even if libtorch is missing or the model does not load, which is only a warning. */
async function inspectModel(model: string, flags: InspectFlags): Promise<void> {
  const signal = interruptSignal();
  const found = await findModelFile(model, flags, signal);
  const inspected = flags.manifestOnly ? null : await inspectedModel(found, flags, signal);
  const { layers = null, cost = null, check = null, unmeasured = null } = inspected ?? {};
  printResult(
    { ...found, check, layers, cost, unmeasured },
    ({ path, manifest }) =>
      [
        path,
        JSON.stringify(manifest, null, 2),
        ...(check ? ['', ...describeModelCheck(check)] : []),
        ...(layers ? describeLayers(layers, usualLayers(layers, manifest, unmeasured === null)) : []),
        ...(cost ? describeCost(cost) : []),
        ...(unmeasured === null ? [] : describeUnmeasured(unmeasured)),
      ].join('\n'),
    flags,
  );
}

/** What Grad-CAM looks at unless told otherwise; empty if nothing is suitable, or only a run would tell. */
function usualLayers(layers: Layer[], { camLayer, tokens }: Manifest, isMeasured: boolean): string {
  const named = camLayer ?? tokens?.layer;
  if (named !== undefined || !isMeasured) return named ?? '';
  return (layers.some(isCamLayer) ? chooseLayers(layers, null) : []).map(nameOf).join(',');
}

function describeLayers(layers: Layer[], used: string): string[] {
  const rows = layers.map((layer) => [layer.name, layer.type, layer.shape.join('x'), usableAs(layer)]);
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
    ...(explanationBytes === null || processBytes === null
      ? []
      : [
          `Memory of an explanation by f-ep at one area: ${mebibytes(explanationBytes)} of tensors, weights included;`,
          `  a process held ${mebibytes(processBytes)} in all while it was measured`,
        ]),
  ];
}

function describeUnmeasured(seconds: number): string[] {
  return [
    '',
    `The model was not run, which takes about ${duration(seconds)}: --measure adds its check, its memory, and the layer`,
    'that Grad-CAM looks at unless told otherwise. They are kept, so that the next time takes seconds.',
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
  const signal = interruptSignal();
  const { path } = await findModelFile(name, flags, signal);
  const model = await loadAnnounced(path, flags, signal);
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
