// Iterations that a device replays: the loop's part, with graphs of the CPU's own (test/native/graphs_on_host.cc) in
// the place of CUDA's. They call the iteration that was taken down again, so every replay must be bit for bit the
// iteration that it stands for.
import { execFileSync } from 'node:child_process';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { explain, resolveConfig } from 'fep-native';
import { openLibraries } from '../dist/libtorch/libraries.js';
import { locateLibtorch } from '../dist/libtorch/locate.js';
import { findNativeFiles } from '../dist/libtorch/nativeFiles.js';
import { toMaskOptions } from '../dist/methods/native.js';
import { setUpSmall } from './helpers/bench.mjs';
import { temporaryFolder } from './helpers/libtorch.mjs';

const SHORT = { step: 7, sigma: 11, target: 6, arithmetic: 'fused' };

/** Compiles the library that offers graphs and opens it, once the addon is there. */
function offerGraphs(...more) {
  const folder = temporaryFolder({ teardown: (clean) => process.once('exit', clean) });
  const library = join(folder, 'libgraphs_on_host.so');
  const { operators, loader } = findNativeFiles();
  const [{ root }, [fepOps]] = [locateLibtorch(), operators];
  const flags = (process.env.FEP_TEST_FLAGS ?? '').split(' ').filter(Boolean);
  const includes = [join(root, 'include'), fileURLToPath(new URL('../native', import.meta.url))];
  const source = fileURLToPath(new URL('native/graphs_on_host.cc', import.meta.url));
  execFileSync('g++', [
    '-std=c++20',
    '-shared',
    '-fPIC',
    ...flags,
    ...more,
    ...includes.map((path) => `-I${path}`),
    source,
    `-L${dirname(fepOps)}`,
    `-l:${basename(fepOps)}`,
    '-o',
    library,
  ]);
  openLibraries(loader, [library]);
}

let model;
let clip;
test.before(async (t) => {
  ({
    model,
    clips: [clip],
  } = await setUpSmall({ teardown: () => undefined }, 1));
  const before = await explain(model, clip, { ...SHORT, method: 'ep', iterations: 4, cudaGraph: true });
  t.is(before.timing.replayed, 0, 'nothing offers graphs yet');
  offerGraphs();
});
test.after.always(() => model?.dispose());

/** With graphs and without: the same bits. @returns how many iterations were replayed */
async function replayed(t, options, more = {}) {
  const run = (cudaGraph) => {
    const config = resolveConfig({ ...SHORT, ...options, cudaGraph }, model.manifest);
    const native = { ...toMaskOptions([config], model.manifest), ...more };
    return model.native.extremalPerturbation(clip.data, [6], native, undefined).promise;
  };
  const [without, withGraphs] = [await run(false), await run(true)];
  t.is(without.replayed, 0);
  for (const part of ['masks', 'explained', 'reward', 'area', 'core', 'updates', 'gradients']) {
    t.deepEqual(withGraphs[part], without[part], part);
  }
  return withGraphs.replayed;
}

test.serial('every iteration but the first two, which are another and not seen before', async (t) => {
  for (const method of ['ep', 'ep-2d', 'f-ep']) t.is(await replayed(t, { method, iterations: 12 }), 10);
  t.is(await replayed(t, { method: 'f-ep', domain: 'mask', modulate: 'reward', iterations: 8 }), 6);
  t.is(await replayed(t, { method: 'ep', areaOver: 'frame', iterations: 8 }), 6);
  t.is(await replayed(t, { method: 'ep', iterations: 1 }), 0);
});

test.serial('several areas, through the model one by one', async (t) => {
  t.is(await replayed(t, { method: 'ep', area: [0.1, 0.3], iterations: 6 }, { memory: 0 }), 4);
});

test.serial('nothing where no iteration is like another: λ grows', async (t) => {
  for (const method of ['step', 'torchray']) t.is(await replayed(t, { method, iterations: 6 }), 0);
});

test.serial('the fast schedule: where the learning rate stays', async (t) => {
  // Of 24: 0 is the first, 1 to 10 are slow (9 replayed), 11 ramps, 12 to 20 are fast (8), and then it falls.
  t.is(await replayed(t, { method: 'ep', schedule: 'fast', iterations: 24 }), 9 + 8);
});

test.serial('bands that open: before and after', async (t) => {
  // Of 20: 0 is the first, 1 to 4 are coarse (3 replayed), 5 to 13 each have bands of their own, 14 to 19 are open (5).
  t.is(await replayed(t, { method: 'f-ep', course: 'coarse-to-fine', iterations: 20 }), 3 + 5);
});

test.serial('a clip that is mirrored every other iteration: two graphs by turns', async (t) => {
  t.is(await replayed(t, { method: 'ep', iterations: 12 }, { flipEven: true }), 9);
});

test.serial('the core energy sets in', async (t) => {
  const core = { coreWeight: 300, coreAfter: 5 };
  t.is(await replayed(t, { method: 'ep', iterations: 12 }, core), 4 + 5); // 2 to 5, and 7 to 11
});

test.serial('gradients are kept of iterations that are run as they are', async (t) => {
  const record = { iterations: [4, 5], domain: 'parameters' };
  t.is(await replayed(t, { method: 'f-ep', iterations: 10 }, { record }), 6);
});

test.serial('a run that ends when it has settled', async (t) => {
  const smooth = { method: 'ep', step: 16, sigma: 16, rewardWeight: 10, iterations: 400, until: 'converged' };
  const count = await replayed(t, smooth);
  t.true(count > 50 && count < 398, `${count}`);
});

test.serial('explain tells how many', async (t) => {
  const options = { ...SHORT, method: 'ep', iterations: 6 };
  t.is((await explain(model, clip, { ...options, cudaGraph: true })).timing.replayed, 4);
  t.false('replayed' in (await explain(model, clip, options)).timing);
});

test.serial('an iteration that cannot be taken down is run as it is', async (t) => {
  offerGraphs('-DFEP_BROKEN');
  t.is(await replayed(t, { method: 'ep', iterations: 6 }), 0);
});
