// What depends on the operating system, for all of them on this one: names, headers of libraries, archives, renames.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { checkPlatform } from '../dist/doctor/checkPlatform.js';
import { renameOver } from '../dist/files/renameOver.js';
import { openArchive } from '../dist/libtorch/archive.js';
import { readArchiveLayout } from '../dist/libtorch/archiveLayout.js';
import { archiveUrl } from '../dist/libtorch/archiveUrl.js';
import { explainAddonFailure } from '../dist/libtorch/explainAddonFailure.js';
import { inspectLibtorch } from '../dist/libtorch/inspect.js';
import { librariesInLoadOrder } from '../dist/libtorch/libraries.js';
import { libraryProblem } from '../dist/libtorch/libraryProblem.js';
import { fakeLibrary, temporaryFolder, writeTree, zip } from './helpers/libtorch.mjs';

const MAC = { platform: 'darwin', arch: 'arm64' };
const WINDOWS = { platform: 'win32', arch: 'x64' };

/** A library of macOS: a header, and one segment that ends where the file does. */
function macLibrary({ size = 256, needs = size, machine = 0x0100_000c } = {}) {
  const bytes = Buffer.alloc(size);
  [0xfeedfacf, machine, 0, 6, 1, 72].forEach((word, i) => {
    bytes.writeUInt32LE(word, 4 * i);
  });
  bytes.writeUInt32LE(0x19, 32); // LC_SEGMENT_64
  bytes.writeUInt32LE(72, 36);
  bytes.writeBigUInt64LE(64n, 72);
  bytes.writeBigUInt64LE(BigInt(needs - 64), 80);
  return bytes;
}

/** A library of Windows: the header at 128, and one section that ends where the file does. */
function windowsLibrary({ size = 512, needs = size, machine = 0x8664 } = {}) {
  const bytes = Buffer.alloc(size);
  bytes.write('MZ');
  bytes.writeUInt32LE(128, 60);
  bytes.write('PE\0\0', 128);
  bytes.writeUInt16LE(machine, 132);
  bytes.writeUInt16LE(1, 134); // one section
  bytes.writeUInt16LE(112, 148); // bytes of the optional header, which ends at 264
  bytes.writeUInt32LE(needs - 304, 280);
  bytes.writeUInt32LE(304, 284);
  return bytes;
}

/** The libraries that PyTorch's wheels of 2.13.0 have, beside the version. */
const WHEELS = [
  [MAC, macLibrary, ['libc10', 'libtorch_cpu', 'libtorch', 'libomp'].map((name) => `${name}.dylib`)],
  [WINDOWS, windowsLibrary, ['c10', 'torch_cpu', 'torch', 'libiomp5md', 'uv'].map((name) => `${name}.dll`)],
];

/** Libraries of the wheels that only Python needs. */
const FOR_PYTHON = [
  'libtorch_python.dylib',
  'libshm.dylib',
  'torch_python.dll',
  'shm.dll',
  'torch_python.lib',
];

for (const [machine, library, names] of WHEELS) {
  const platform = `${machine.platform}-${machine.arch}`;

  test(`a libtorch for ${platform} is recognised by its own names, complete and in the order to load it`, (t) => {
    const root = writeTree(temporaryFolder(t), {
      'version.py': "__version__ = '2.13.0'\n",
      ...Object.fromEntries(names.map((name) => [`lib/${name}`, library()])),
    });
    t.like(inspectLibtorch(root, machine), { usable: true, version: '2.13.0', variant: 'cpu' });
    const inOrder = names.slice(0, 3).map((name) => join(root, 'lib', name));
    t.deepEqual(librariesInLoadOrder(join(root, 'lib'), machine), inOrder);
    const cuda = names[1].replace('torch_cpu', 'torch_cuda');
    writeFileSync(join(root, 'lib', cuda), library());
    t.like(inspectLibtorch(root, machine), { usable: true, variant: 'cuda' });
    t.like(inspectLibtorch(root, { platform: 'linux', arch: 'x64' }), { usable: false, kind: 'absent' });
    writeFileSync(join(root, 'lib', names[1]), library({ size: 400, needs: 70_000 }));
    t.like(inspectLibtorch(root, machine), {
      kind: 'damaged',
      reason: `lib/${names[1]} is truncated: 400 bytes of at least 70000`,
    });
  });

  test(`a library for ${platform} is told from what is none`, (t) => {
    const file = join(temporaryFolder(t), 'library');
    const problem = (bytes) => {
      writeFileSync(file, bytes);
      return libraryProblem(file, machine);
    };
    t.is(problem(library()), undefined);
    t.is(problem(''), 'is empty');
    t.regex(
      problem('a text that is long enough for a header'),
      /is not a shared library \(no (Mach-O|PE) header\)/,
    );
    t.regex(problem(fakeLibrary()), /is not a shared library/);
    t.is(problem(library({ machine: 7 })), `is built for another processor than ${machine.arch}`);
    t.is(problem(library().subarray(0, 30)), 'is truncated');
    t.regex(problem(library().subarray(0, 140)), /^is truncated/);
  });

  test(`of a wheel for ${platform}, what is for Python is left out`, async (t) => {
    const path = join(temporaryFolder(t), 'torch.whl');
    const lib = [...names, ...FOR_PYTHON].map((name) => [`torch/lib/${name}`, library()]);
    const version = "__version__ = '2.13.0'\ncuda: Optional[str] = None\n";
    writeFileSync(path, zip({ 'torch/version.py': version, ...Object.fromEntries(lib) }));
    const archive = await openArchive(path);
    t.teardown(() => archive.close());
    const layout = await readArchiveLayout(archive, 'cpu');
    const wanted = ['version.py', ...names.map((name) => `lib/${name}`)];
    t.deepEqual(layout.files.map(({ path }) => path).sort(), wanted.sort());
  });
}

test('each platform has the official archive that PyTorch makes for it, or none', (t) => {
  const url = (platform, arch, variant = 'cpu', env = {}) => archiveUrl(variant, env, { platform, arch });
  const official = 'https://download.pytorch.org';
  t.is(url('darwin', 'arm64'), `${official}/libtorch/cpu/libtorch-macos-arm64-2.13.0.zip`);
  t.is(url('win32', 'x64'), `${official}/libtorch/cpu/libtorch-win-shared-with-deps-2.13.0%2Bcpu.zip`);
  t.is(
    url('linux', 'arm64'),
    `${official}/whl/cpu/torch-2.13.0%2Bcpu-cp312-cp312-manylinux_2_28_aarch64.whl`,
  );
  t.regex(url('win32', 'x64', 'cu130'), /\/libtorch\/cu130\/libtorch-win-.*cu130\.zip$/);
  for (const machine of [
    ['darwin', 'arm64', 'cu130'],
    ['linux', 'arm64', 'cu130'],
    ['darwin', 'x64'],
    ['freebsd', 'x64'],
  ])
    t.is(url(...machine), undefined, machine.join(' '));
  const env = { FEP_LIBTORCH_MIRROR: 'http://mirror/of/' };
  t.is(url('darwin', 'arm64', 'cpu', env), 'http://mirror/of/cpu/libtorch-macos-arm64-2.13.0.zip');
});

test('on Windows, a rename waits until nobody has the file open; elsewhere it does not', async (t) => {
  const failing = (times, code) => {
    let calls = 0;
    const move = async () => {
      if (++calls <= times) throw Object.assign(new Error(code), { code });
    };
    return { move, calls: () => calls };
  };
  const scanned = failing(3, 'EPERM');
  await renameOver('a', 'b', 'win32', scanned.move);
  t.is(scanned.calls(), 4);
  const missing = failing(1, 'ENOENT');
  await t.throwsAsync(renameOver('a', 'b', 'win32', missing.move), { code: 'ENOENT' });
  const linux = failing(1, 'EPERM');
  await t.throwsAsync(renameOver('a', 'b', 'linux', linux.move), { code: 'EPERM' });
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, 'full', 'of'), { recursive: true });
  await t.throwsAsync(renameOver(join(folder, 'none'), join(folder, 'full')), { code: 'ENOENT' });
});

test('doctor says which platforms are proven, which are not, and which have no addon', (t) => {
  t.like(checkPlatform('darwin-arm64'), { status: 'warn' });
  t.regex(checkPlatform('win32-x64').detail, /nobody has run it there yet/);
  t.like(checkPlatform('freebsd-x64'), { status: 'fail' });
  t.regex(checkPlatform('freebsd-x64').fix, /linux-x64, linux-arm64, darwin-arm64, win32-x64/);
});

test('the words of each dynamic linker lead to the same advice', (t) => {
  const messages = {
    'dlopen(fep.node, 0x0001): Library not loaded: @rpath/libfep_ops.dylib\n  Referenced from: fep.node':
      /@rpath\/libfep_ops\.dylib, a part of the addon, is missing/,
    "dlopen(fep.node, 0x0001): tried: 'fep.node' (mach-o file, but is an incompatible architecture)":
      /for another processor/,
    'dlopen(fep.node, 0x0001): symbol not found in flat namespace (__ZN2at4_ops)': /another libtorch/,
    'C:\\fep.node: %1 is not a valid Win32 application.': /for another processor/,
    'The specified procedure could not be found.': /another libtorch/,
    'The specified module could not be found.': /reinstall libtorch/,
  };
  for (const [message, advice] of Object.entries(messages)) t.regex(explainAddonFailure(message), advice);
});
