// The package as its users load it: ES module and CommonJS, typed, with resources that clean up after themselves.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { goldenClip, tiny } from './helpers/golden.mjs';
import { temporaryFolder } from './helpers/libtorch.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);
const api = await import('fep-native');

test('import and require give the same objects', async (t) => {
  const required = require('fep-native');
  const wrapping = ['default', 'module.exports', '__esModule'];
  const names = Object.keys(api).filter((name) => !wrapping.includes(name));
  t.deepEqual(names.sort(), Object.keys(required).sort());
  for (const name of names) t.is(api[name], required[name], name);
  for (const name of ['loadModel', 'readClip', 'explain', 'saveExplanation', 'FepError']) {
    t.is(typeof api[name], 'function', name);
  }
  const error = await t.throwsAsync(required.loadModel('no-such-model'));
  t.true(error instanceof api.FepError);
  t.is(error.code, 'FEP_MODEL_NOT_FOUND');
  t.truthy(error.hint);
});

test('each of the other entries gives the same objects to import and require, and none of the root', async (t) => {
  const wrapping = ['default', 'module.exports', '__esModule'];
  for (const entry of ['metrics', 'datasets', 'bench']) {
    const [imported, required] = [await import(`fep-native/${entry}`), require(`fep-native/${entry}`)];
    const names = Object.keys(imported).filter((name) => !wrapping.includes(name));
    t.true(names.length > 1);
    t.deepEqual(names.sort(), Object.keys(required).sort());
    for (const name of names) {
      t.is(imported[name], required[name], name);
      t.false(name in api, name);
    }
  }
});

test('nothing but the entries and package.json can be reached by name', (t) => {
  t.is(require('fep-native/package.json').name, 'fep-native');
  t.is(t.throws(() => require('fep-native/dist/errors/fepError.js')).code, 'ERR_PACKAGE_PATH_NOT_EXPORTED');
});

/** Uses the API the way a strict program does; the part that differs between module systems comes before. */
const CONSUMER = `
export async function run(path: string, signal: AbortSignal): Promise<number> {
  const model: VideoModel = await loadModel('tsm-mini', { device: 'cpu', precision: 'float32', signal });
  try {
    const clip: Clip = await readClip(path, model.manifest.input);
    const options: ExplainOptions = { method: 'f-ep', area: [0.1, 0.2], domain: 'mask' };
    const explanation = await explain(model, clip, {
      ...options,
      signal,
      onProgress: ({ iteration, iterations, reward }) => console.log(iteration / iterations, reward?.toFixed(2)),
    });
    const [first] = await saveExplanation('out', model, clip, explanation);
    const mask: Float32Array | undefined = explanation.masks[0]?.mask;
    return (mask?.length ?? 0) + (first?.area ?? 0);
  } catch (error) {
    if (error instanceof FepError) {
      const code: FepErrorCode = error.code;
      const hint: string | undefined = error.hint;
      console.error(code, hint);
    }
    throw error;
  } finally {
    model.dispose();
  }
}
// @ts-expect-error no such method
const wrong: ExplainOptions = { method: 'gradcam' };
// @ts-expect-error an option of another method
const foreign: ExplainOptions = { method: 'ep', lowRatio: 0.5 };
void foreign;
export async function details(model: VideoModel, clip: Clip): Promise<string | undefined> {
  // @ts-expect-error an option of another method
  await explain(model, clip, { method: 'rise', area: 0.1 });
  const gradients = await explain(model, clip, { method: 'integrated-gradients', baseline: 'mean' });
  const gap: number | undefined = gradients.masks[0]?.details?.completenessGap;
  // @ts-expect-error this method looks at no layer
  void gradients.masks[0]?.details?.layer;
  const cam = await explain(model, clip, { method: 'grad-cam', layer: 'stage2' });
  return cam.masks[0]?.details?.layer ?? gap?.toFixed(2);
}
// @ts-expect-error the second argument is the model's input
void readClip('clip.mp4');
void wrong;
`;

const NAMES = 'explain, FepError, loadModel, readClip, saveExplanation';
const TYPES = 'Clip, ExplainOptions, FepErrorCode, VideoModel';
const HEADS = {
  'module.mts': `import { ${NAMES} } from 'fep-native';\nimport type { ${TYPES} } from 'fep-native';\n`,
  'common.cts': `import fep = require('fep-native');\nconst { ${NAMES} } = fep;\ntype Clip = fep.Clip;\ntype ExplainOptions = fep.ExplainOptions;\ntype FepErrorCode = fep.FepErrorCode;\ntype VideoModel = fep.VideoModel;\n`,
};

test('a strict TypeScript program compiles, as ES module and as CommonJS', (t) => {
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules', 'fep-native'));
  symlinkSync(join(root, 'node_modules', '@types'), join(folder, 'node_modules', '@types'));
  for (const [name, head] of Object.entries(HEADS)) {
    const body = name.endsWith('.cts')
      ? CONSUMER.replaceAll('error instanceof FepError', 'error instanceof fep.FepError')
      : CONSUMER;
    writeFileSync(join(folder, name), head + body);
  }
  const compilerOptions = {
    module: 'node16',
    moduleResolution: 'node16',
    target: 'ES2022',
    lib: ['ES2023', 'ESNext.Disposable'],
    strict: true,
    noImplicitAny: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    types: ['node'],
    noEmit: true,
    skipLibCheck: false,
  };
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions, files: Object.keys(HEADS) }),
  );
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' });
  t.is(status, 0, stdout);
});

test('the viewer has types of its own, which know a browser and not Node', (t) => {
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules', 'fep-native'));
  const program = `import { mountViewer, type ViewerDocument } from 'fep-native/viewer';
    declare const shown: ViewerDocument;
    const viewer = mountViewer(document.body, shown, { theme: 'dark' });
    const area: number = shown.kind === 'explanation' ? shown.mask.realisedArea : 0;
    viewer.dispose();
    // @ts-expect-error there is no such theme
    mountViewer(document.body, shown, { theme: 'pink', area });`;
  writeFileSync(join(folder, 'page.mts'), program);
  const compilerOptions = {
    module: 'node16',
    moduleResolution: 'node16',
    target: 'ES2022',
    lib: ['ES2022', 'DOM'],
    strict: true,
    exactOptionalPropertyTypes: true,
    types: [],
    noEmit: true,
    skipLibCheck: false,
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['page.mts'] }));
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' });
  t.is(status, 0, stdout);
});

test('progress brings the mask as it forms, where it is asked for', async (t) => {
  const model = await tiny(t);
  const clip = await goldenClip(model);
  const watched = async (options) => {
    const seen = [];
    const onProgress = (progress) => seen.push(progress);
    const run = { method: 'ep', step: 16, sigma: 23, iterations: 20, onProgress, ...options };
    return { seen, explanation: await api.explain(model, clip, run) };
  };
  const { seen, explanation } = await watched({ progressMasks: true });
  for (const { mask, realisedArea } of seen) {
    t.is(mask.length, 16 * 64 * 64);
    t.true(Math.abs(mask.reduce((sum, value) => sum + value, 0) / mask.length - realisedArea) < 1e-4);
  }
  t.deepEqual(seen.at(-1).mask, explanation.masks[0].mask);
  const { seen: plain } = await watched({});
  t.true(plain.length > 0 && plain.every((progress) => !('mask' in progress)));
  const { seen: found } = await watched({
    ...{ step: undefined, sigma: undefined },
    preset: 'quick',
    method: 'f-ep',
    iterations: 8,
    progressMasks: true,
  });
  t.true(found.every(({ mask }) => mask.length === 16 * 64 * 64));
  await t.throwsAsync(watched({ progressMasks: 1 }), { code: 'FEP_USAGE' });
});

test('a model can be used with `using`', async (t) => {
  const model = await tiny(t);
  t.is(typeof Symbol.dispose, 'symbol');
  t.is(typeof model[Symbol.dispose], 'function');
  model[Symbol.dispose]();
  t.true(model.native.disposed);
});

test('saveExplanation writes a folder for each area, a single one for a single area', async (t) => {
  const model = await tiny(t);
  const clip = await goldenClip(model);
  const options = { method: 'ep', iterations: 2, step: 16, sigma: 23 };
  const folder = temporaryFolder(t);
  const files = ['mask.npy', 'overlay.mp4', 'report.html', 'result.json', 'sheet.png'];

  const several = await api.explain(model, clip, { ...options, area: [0.05, 0.3] });
  const saved = await api.saveExplanation(join(folder, 'several'), model, clip, several);
  t.deepEqual(readdirSync(join(folder, 'several')).sort(), ['area-0.05', 'area-0.3']);
  t.deepEqual(
    saved.map(({ area }) => area),
    [0.05, 0.3],
  );
  for (const [i, { area, folder: own, mask, result }] of saved.entries()) {
    t.deepEqual(readdirSync(own).sort(), files);
    const { data, shape } = await api.readNpy(mask);
    t.deepEqual(shape, [16, 64, 64]);
    t.deepEqual(data, several.masks[i].mask);
    const json = JSON.parse(readFileSync(result, 'utf8'));
    t.like(json, { schemaVersion: api.RESULT_SCHEMA_VERSION, area, method: 'ep' });
    t.is(json.realisedArea, several.masks[i].realisedArea);
    t.deepEqual(json.energy, several.masks[i].energy);
  }

  const single = await api.explain(model, clip, options);
  const [only] = await api.saveExplanation(join(folder, 'single'), model, clip, single);
  t.is(only.folder, join(folder, 'single'));
  t.deepEqual(readdirSync(only.folder).sort(), files);

  const other = join(folder, 'other');
  const wrong = api.saveExplanation(other, model, clip, single, { overlayFormat: ['mp4', 'wbp'] });
  t.regex((await t.throwsAsync(wrong, { code: 'FEP_USAGE' })).hint, /Did you mean webp\?/);
  t.false(existsSync(other), 'nothing is written');
  const foreign = { ...clip, data: clip.data.slice().fill(0) };
  const ofForeign = api.saveExplanation(other, model, foreign, single);
  t.regex((await t.throwsAsync(ofForeign, { code: 'FEP_USAGE' })).message, /is of another clip/);
  t.false(existsSync(other), 'nothing is written');
  const another = await api.loadModel('r2plus1d-mini');
  const ofAnother = api.saveExplanation(other, another, clip, single);
  t.regex((await t.throwsAsync(ofAnother, { code: 'FEP_USAGE' })).message, /is of another model/);
  another.dispose();
  const [gif] = await api.saveExplanation(other, model, clip, single, { overlayFormat: 'gif' });
  t.deepEqual([gif.overlay, gif.overlays], [join(other, 'overlay.gif'), [join(other, 'overlay.gif')]]);
  t.deepEqual(readdirSync(other).sort(), files.map((name) => name.replace('.mp4', '.gif')).sort());
});
