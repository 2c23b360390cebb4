// Loading: in a child process first, then here; a binary that is broken is reported and never takes us down.
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import test from 'ava';
import { explainAddonFailure } from '../dist/libtorch/explainAddonFailure.js';
import { librariesInLoadOrder } from '../dist/libtorch/libraries.js';
import { loadLibtorch, probeLibtorch } from '../dist/libtorch/load.js';
import { locateLibtorch } from '../dist/libtorch/locate.js';
import { findNativeFiles, nativeFolders } from '../dist/libtorch/nativeFiles.js';
import { probe } from '../dist/libtorch/probe.js';
import { fakeFiles, fakeLibrary, temporaryFolder, writeTree } from './helpers/libtorch.mjs';

const addonModule = new URL('../dist/binding/addon.js', import.meta.url).href;
const loadModule = new URL('../dist/libtorch/load.js', import.meta.url).href;

/** Runs a line of JavaScript in a worker thread and resolves to what it posts. */
function inWorker(code) {
  return new Promise((done, fail) => {
    const source = `const { parentPort } = require('node:worker_threads');
      (async () => { ${code} })().then((value) => parentPort.postMessage(value));`;
    const worker = new Worker(source, { eval: true });
    worker.once('message', done);
    worker.once('error', fail);
  });
}

test.serial('libtorch loads without LD_LIBRARY_PATH, here and in worker threads', async (t) => {
  const { LD_LIBRARY_PATH: _, ...env } = { ...process.env, FEP_CACHE: temporaryFolder(t) };
  const libtorch = loadLibtorch();
  probeLibtorch(libtorch, { env });
  t.true(libtorch.version.startsWith('2.13.'));
  const code = `return (await import('${loadModule}')).loadLibtorch().root`;
  t.deepEqual(await Promise.all([inWorker(code), inWorker(code)]), [libtorch.root, libtorch.root]);
});

test.serial('the addon loads after it, here and in worker threads', async (t) => {
  const { loadAddon, loadedLibtorch } = await import(addonModule);
  const addon = loadAddon();
  t.is(loadAddon(), addon);
  t.true(existsSync(loadedLibtorch().libDir));
  const code = `return Object.keys((await import('${addonModule}')).loadAddon()).length`;
  t.is(await inWorker(code), Object.keys(addon).length);
});

test.serial('a success is remembered, and forgotten when a file changes', (t) => {
  const folder = temporaryFolder(t);
  const { loader } = findNativeFiles();
  const copy = join(folder, 'loader.node');
  copyFileSync(loader, copy);
  const env = { ...process.env, FEP_CACHE: join(folder, 'cache') };
  const options = { env };
  // Whoever looks into the libraries cannot do so within no time at all: only what is remembered is an answer then.
  const atOnce = { env, timeoutMs: 1 };
  t.regex(probe({ loader: copy, libraries: [] }, atOnce), /longer than 0\.001 s/);
  t.is(probe({ loader: copy, libraries: [] }, options), undefined);
  t.is(probe({ loader: copy, libraries: [] }, atOnce), undefined);
  writeFileSync(copy, 'not a library');
  t.regex(probe({ loader: copy, libraries: [] }, atOnce), /longer than 0\.001 s/);
  t.regex(probe({ loader: copy, libraries: [] }, options), /invalid ELF header|file too short/);
});

test.serial('a truncated libtorch that gets as far as being loaded is a message, not a crash', (t) => {
  const folder = temporaryFolder(t);
  const { libDir, root } = locateLibtorch();
  const lib = join(folder, 'lib');
  mkdirSync(lib);
  for (const path of librariesInLoadOrder(libDir))
    symlinkSync(path, join(lib, path.slice(libDir.length + 1)));
  const cut = join(folder, 'lib', 'libcut.so');
  copyFileSync(join(libDir, 'libc10.so'), cut);
  truncateSync(cut, 600_000);
  const { loader } = findNativeFiles();
  const env = { ...process.env, FEP_CACHE: join(folder, 'cache') };
  t.regex(probe({ loader, libraries: [cut] }, { env }), /crashed \(SIG(BUS|SEGV)\)|file too short|ELF/);
  t.is(probe({ loader, libraries: librariesInLoadOrder(join(root, 'lib')) }, { env }), undefined);
});

test.serial('libraries that are no libraries are a message', (t) => {
  const folder = temporaryFolder(t);
  const root = writeTree(join(folder, 'torch'), fakeFiles());
  const env = { ...process.env, FEP_CACHE: join(folder, 'cache') };
  const libtorch = { root, libDir: join(root, 'lib'), version: '2.13.0', variant: 'cpu' };
  const error = t.throws(() => probeLibtorch(libtorch, { env }));
  t.is(error.code, 'FEP_LIBTORCH_NOT_FOUND');
  t.true(error.message.includes(root));
  t.regex(error.hint, /Remove that folder and run/);
});

test('an addon that is not built names the places and the command', (t) => {
  const folder = temporaryFolder(t);
  const error = t.throws(() => findNativeFiles([join(folder, 'build')]));
  t.is(error.code, 'FEP_ADDON_LOAD');
  t.true(error.message.includes(join(folder, 'build')));
  t.regex(error.hint, /Possible solutions/);
  t.regex(nativeFolders('/x').join(), /^\/x\/build\/Release,\/x\/prebuilds\/linux-(x64|arm64)$/);
});

const brokenAddons = {
  empty: ['', /is empty/, /damaged/],
  text: ['#!/bin/sh', /no ELF header/, /damaged/],
  foreign: [fakeLibrary({ machine: 8 }), /another processor/, /another processor/],
  truncated: [fakeLibrary({ size: 100, needs: 5000 }), /truncated/, /damaged/],
};

for (const [name, [contents, message, hint]] of Object.entries(brokenAddons)) {
  test.serial(`a broken addon is reported: ${name}`, async (t) => {
    const folder = temporaryFolder(t);
    writeFileSync(join(folder, 'fep.node'), contents);
    copyFileSync(findNativeFiles().loader, join(folder, 'fep_loader.node'));
    const error = await failureInWorker(folder);
    t.is(error.code, 'FEP_ADDON_LOAD');
    t.regex(error.message, message);
    t.regex(error.hint, hint);
  });
}

test.serial('an addon with a damaged middle is reported', async (t) => {
  const folder = temporaryFolder(t);
  const { addon, loader } = findNativeFiles();
  copyFileSync(addon, join(folder, 'fep.node'));
  copyFileSync(loader, join(folder, 'fep_loader.node'));
  const file = openSync(join(folder, 'fep.node'), 'r+');
  writeSync(file, Buffer.alloc(4096), 0, 4096, 64);
  closeSync(file);
  const error = await failureInWorker(folder);
  t.is(error.code, 'FEP_ADDON_LOAD');
});

/** What loadAddon throws for the native files of a folder; in a worker, whose addon is not loaded yet. */
async function failureInWorker(folder) {
  const failure = await inWorker(`const { loadAddon } = await import('${addonModule}');
    try { loadAddon({ nativeFolders: [${JSON.stringify(folder)}], env: { ...process.env, FEP_CACHE: process.env.FEP_CACHE } }) }
    catch (error) { return { code: error.code, message: error.message, hint: error.hint } }`);
  return failure ?? { code: 'none', message: 'it loaded', hint: '' };
}

test('possible solutions follow from what the dynamic linker says', (t) => {
  const cases = {
    "/lib/libc.so.6: version `GLIBC_2.38' not found (required by fep.node)": /older than GLIBC_2\.38/,
    "libstdc++.so.6: version `GLIBCXX_3.4.32' not found": /libstdc\+\+ lacks GLIBCXX_3\.4\.32/,
    'fep.node: undefined symbol: _ZN3c106detail': /built against another libtorch/,
    'libgomp.so.1: cannot open shared object file: No such file or directory': /libgomp\.so\.1 is missing/,
    'fep.node: wrong ELF class: ELFCLASS32': /another processor/,
    'Module did not self-register': /does not fit Node v/,
    'loading it crashed (SIGBUS)': /damaged/,
  };
  for (const [reason, expected] of Object.entries(cases)) {
    const text = explainAddonFailure(reason);
    t.regex(text, /^Possible solutions:\n {2}- /);
    t.regex(text, expected);
  }
});
