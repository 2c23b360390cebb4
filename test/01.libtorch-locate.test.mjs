// Where libtorch is looked for, in which order, and why a place is refused (DESIGN: "libtorch").
import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { inspectLibtorch } from '../dist/libtorch/inspect.js';
import { listLibtorch } from '../dist/libtorch/list.js';
import { locateLibtorch } from '../dist/libtorch/locate.js';
import { fakeFiles, fakeLibrary, temporaryFolder, writeTree } from './helpers/libtorch.mjs';

/** Search options in which nothing of this machine is seen. */
function nowhere(folder, env = {}) {
  const home = join(folder, 'home');
  return {
    env: { HOME: home, ...env },
    projectCache: join(folder, 'project'),
    systemRoots: [join(folder, 'system')],
  };
}

test('the search order is FEP_LIBTORCH, LIBTORCH, project cache, user cache, system', (t) => {
  const folder = temporaryFolder(t);
  const places = {
    FEP_LIBTORCH: join(folder, 'a'),
    LIBTORCH: join(folder, 'b'),
    'project cache': join(folder, 'project', 'libtorch', '2.13.0-cpu'),
    'user cache': join(folder, 'home', '.cache', 'fep-native', 'libtorch', '2.13.0-cpu'),
    system: join(folder, 'system'),
  };
  const env = {};
  for (const [origin, path] of Object.entries(places).reverse()) {
    writeTree(path, fakeFiles());
    if (/^[A-Z]/.test(origin)) env[origin] = path;
    const found = locateLibtorch(nowhere(folder, env));
    t.is(found.origin, origin);
    t.is(found.root, path);
    t.is(found.version, '2.13.0');
    t.is(found.variant, 'cpu');
  }
});

test('XDG_CACHE_HOME and FEP_CACHE move the user cache', (t) => {
  const folder = temporaryFolder(t);
  const xdg = writeTree(join(folder, 'xdg', 'fep-native', 'libtorch', '2.13.0-cpu'), fakeFiles());
  const own = writeTree(join(folder, 'own', 'libtorch', '2.13.0-cpu'), fakeFiles());
  t.is(locateLibtorch(nowhere(folder, { XDG_CACHE_HOME: join(folder, 'xdg') })).root, xdg);
  const both = { XDG_CACHE_HOME: join(folder, 'xdg'), FEP_CACHE: join(folder, 'own') };
  t.is(locateLibtorch(nowhere(folder, both)).root, own);
});

test('a Python torch is used only when asked for', (t) => {
  const folder = temporaryFolder(t);
  const torch = writeTree(join(folder, 'site', 'torch'), fakeFiles());
  const python = join(folder, 'python');
  writeFileSync(python, `#!/bin/sh\necho ${torch}\n`, { mode: 0o755 });
  t.throws(() => locateLibtorch(nowhere(folder)), { code: 'FEP_LIBTORCH_NOT_FOUND' });
  t.throws(() => locateLibtorch(nowhere(folder, { FEP_LIBTORCH_PYTHON: '0' })), {
    code: 'FEP_LIBTORCH_NOT_FOUND',
  });
  const found = locateLibtorch(nowhere(folder, { FEP_LIBTORCH_PYTHON: python }));
  t.is(found.origin, 'python');
  t.is(found.root, torch);
});

test('of several in a cache the CPU build comes first, or the CUDA build where there is a driver', (t) => {
  const folder = temporaryFolder(t);
  const cache = join(folder, 'project', 'libtorch');
  writeTree(join(cache, '2.13.0-cpu'), fakeFiles());
  writeTree(join(cache, '2.13.0-cu130'), fakeFiles('2.13.0+cu130'));
  t.is(locateLibtorch({ ...nowhere(folder), preferCuda: false }).variant, 'cpu');
  t.is(locateLibtorch({ ...nowhere(folder), preferCuda: true }).variant, 'cu130');
});

test('a failure lists every place with its reason, and the one command', (t) => {
  const folder = temporaryFolder(t);
  const bad = writeTree(join(folder, 'bad'), { ...fakeFiles(), 'lib/libtorch_cpu.so': '' });
  const error = t.throws(() => locateLibtorch(nowhere(folder, { LIBTORCH: bad })));
  t.is(error.code, 'FEP_LIBTORCH_NOT_FOUND');
  t.is(error.name, 'FepError');
  t.true(error.message.includes(`LIBTORCH: ${bad}: lib/libtorch_cpu.so is empty`));
  t.regex(error.message, /project cache: .*2\.13\.0-cpu: does not exist/);
  t.regex(error.message, /user cache: .*does not exist/);
  t.regex(error.message, /system: .*does not exist/);
  t.regex(error.hint, /^Run: (npm run setup|npx fep-native libtorch install)$/);
});

test('a bad FEP_LIBTORCH is an error even where another would do', (t) => {
  const folder = temporaryFolder(t);
  writeTree(join(folder, 'system'), fakeFiles());
  const options = nowhere(folder, { FEP_LIBTORCH: join(folder, 'gone') });
  t.throws(() => locateLibtorch(options), {
    code: 'FEP_LIBTORCH_NOT_FOUND',
    message: /gone.*does not exist/,
  });
});

test('another version is refused; the code says so only if nothing else is wrong', (t) => {
  const folder = temporaryFolder(t);
  const old = writeTree(join(folder, 'old'), fakeFiles('2.12.1+cpu'));
  const error = t.throws(() => locateLibtorch(nowhere(folder, { LIBTORCH: old })));
  t.is(error.code, 'FEP_VERSION_MISMATCH');
  t.regex(error.message, /is libtorch 2\.12\.1, 2\.13\.x is needed/);
  writeTree(join(folder, 'system'), { ...fakeFiles(), 'lib/libc10.so': 'not a library' });
  t.throws(() => locateLibtorch(nowhere(folder, { LIBTORCH: old })), { code: 'FEP_LIBTORCH_NOT_FOUND' });
});

test('any patch of the minor is taken', (t) => {
  const root = writeTree(temporaryFolder(t), fakeFiles('2.13.7'));
  t.like(inspectLibtorch(root), { usable: true, version: '2.13.7', variant: 'cpu' });
  t.like(inspectLibtorch(writeTree(temporaryFolder(t), fakeFiles('2.130.0'))), {
    usable: false,
    kind: 'version',
  });
});

test('the version is read from build-version, version.py or the header', (t) => {
  const { 'build-version': _, ...files } = fakeFiles();
  const header = '#define TORCH_VERSION_MAJOR 2\n#define TORCH_VERSION \\\n  "2.13.2"\n';
  const sources = {
    'version.py': "__version__ = '2.13.1+cu130'\n",
    'include/torch/headeronly/version.h': header,
    'include/torch/csrc/api/include/torch/version.h': header,
  };
  const versions = Object.entries(sources).map(([path, text]) => {
    const found = inspectLibtorch(writeTree(temporaryFolder(t), { ...files, [path]: text }));
    return `${found.version} ${found.variant}`;
  });
  t.deepEqual(versions, ['2.13.1 cu130', '2.13.2 cpu', '2.13.2 cpu']);
  t.regex(inspectLibtorch(writeTree(temporaryFolder(t), files)).reason, /does not say which version/);
});

test('missing, truncated, foreign and non-ELF libraries are refused without loading them', (t) => {
  const reasons = {
    truncated: /libtorch_cpu\.so is truncated: 1000 bytes of at least 70000/,
    foreign: /libc10\.so is built for another processor/,
    text: /libtorch\.so is not a shared library/,
    short: /libtorch\.so is truncated/,
    missing: /lib\/libc10\.so is missing/,
    folder: /holds no lib\/libtorch\.so/,
  };
  const { 'lib/libc10.so': _, ...withoutC10 } = fakeFiles();
  const trees = {
    truncated: { ...fakeFiles(), 'lib/libtorch_cpu.so': fakeLibrary({ size: 1000, needs: 70_000 }) },
    foreign: { ...fakeFiles(), 'lib/libc10.so': fakeLibrary({ machine: 8 }) },
    text: { ...fakeFiles(), 'lib/libtorch.so': 'a text that is long enough for a header' },
    short: { ...fakeFiles(), 'lib/libtorch.so': fakeLibrary().subarray(0, 40) },
    missing: withoutC10,
    folder: { 'readme.txt': 'nothing here' },
  };
  for (const [name, files] of Object.entries(trees)) {
    const found = inspectLibtorch(writeTree(temporaryFolder(t), files));
    t.false(found.usable, name);
    t.regex(found.reason, reasons[name], name);
  }
});

test('a library that is shorter than its receipt says is refused', (t) => {
  const root = writeTree(temporaryFolder(t), fakeFiles());
  const receipt = { schemaVersion: 1, files: [{ path: 'lib/libgomp.so.1', size: 300 }] };
  writeTree(root, {
    'fep-libtorch.json': JSON.stringify(receipt),
    'lib/libgomp.so.1': fakeLibrary({ size: 300 }),
  });
  t.true(inspectLibtorch(root).usable);
  truncateSync(join(root, 'lib/libgomp.so.1'), 200);
  t.regex(inspectLibtorch(root).reason, /libgomp\.so\.1 has 200 bytes, 300 were installed/);
});

test('the folder that an archive was unpacked in will do', (t) => {
  const folder = temporaryFolder(t);
  writeTree(join(folder, 'libtorch'), fakeFiles());
  t.is(inspectLibtorch(folder).root, join(folder, 'libtorch'));
});

test('the list shows every place with its status', (t) => {
  const folder = temporaryFolder(t);
  writeTree(join(folder, 'old'), fakeFiles('2.12.1'));
  writeTree(join(folder, 'project', 'libtorch', '2.13.0-cpu'), fakeFiles());
  writeTree(join(folder, 'system'), fakeFiles());
  const rows = listLibtorch(nowhere(folder, { LIBTORCH: join(folder, 'old') }));
  const expected = [
    ['LIBTORCH', 'version'],
    ['project cache', 'used'],
    ['user cache', 'absent'],
    ['system', 'usable'],
  ];
  t.deepEqual(
    rows.map(({ origin, status }) => [origin, status]),
    expected,
  );
});
