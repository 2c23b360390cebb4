// libtorch install: what is taken out of an archive, what is refused, and that nothing half-made is ever left.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import test from 'ava';
import { archiveUrl } from '../dist/libtorch/archiveUrl.js';
import { inspectLibtorch } from '../dist/libtorch/inspect.js';
import { installLibtorch } from '../dist/libtorch/install.js';
import { endWithTests } from './helpers/children.mjs';
import {
  fakeFiles,
  fakeLibrary,
  officialArchive,
  temporaryFolder,
  wheel,
  writeTree,
  zip,
} from './helpers/libtorch.mjs';

/** An install of an archive with these entries into a folder of its own. */
function installing(t, files, options = {}) {
  const folder = temporaryFolder(t);
  const from = join(folder, options.name ?? 'archive.zip');
  writeFileSync(from, Buffer.isBuffer(files) ? files : zip(files));
  const cache = join(folder, 'cache');
  return { cache, from, install: () => installLibtorch({ from, into: { folder: cache }, ...options }) };
}

/** Names in a cache's libtorch folder, hidden ones too. */
function contents(cache) {
  return existsSync(join(cache, 'libtorch')) ? readdirSync(join(cache, 'libtorch')) : [];
}

/** A python whose pip does what a shell script says; $dest is the folder to download to. */
function fakePython(folder, script) {
  const path = join(folder, 'python');
  const head =
    '#!/bin/sh\n[ "$3" = --version ] && exit 0\nwhile [ "$1" != --dest ]; do shift; done; dest=$2\n';
  writeFileSync(path, `${head}for spec; do :; done\n${script}\n`, { mode: 0o755 });
  return path;
}

/** An HTTP server for the length of a test. */
async function serving(t, answer) {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${server.address().port}`;
}

test('an official archive is unpacked whole, with a receipt', async (t) => {
  const { cache, install } = installing(t, officialArchive());
  const made = await install();
  t.is(made.root, join(cache, 'libtorch', '2.13.0-cpu'));
  t.true(made.installed);
  t.true(inspectLibtorch(made.root).usable);
  t.deepEqual(readFileSync(join(made.libDir, 'libtorch_cpu.so')), fakeFiles()['lib/libtorch_cpu.so']);
  t.is(statSync(join(made.libDir, 'libtorch_cpu.so')).mode & 0o111, 0o111);
  const receipt = JSON.parse(readFileSync(join(made.root, 'fep-libtorch.json'), 'utf8'));
  t.like(receipt, {
    schemaVersion: 1,
    version: '2.13.0',
    variant: 'cpu',
    source: 'archive.zip',
    headers: { count: 1 },
  });
  t.deepEqual(contents(cache), ['2.13.0-cpu']);
});

test('a wheel gives its libtorch and nothing of Python', async (t) => {
  const { install } = installing(t, wheel(), { name: 'torch-2.13.0+cpu-cp311-none-linux.whl' });
  const { root } = await install();
  t.deepEqual(readdirSync(root).sort(), [
    'build-version',
    'fep-libtorch.json',
    'include',
    'lib',
    'share',
    'version.py',
  ]);
  t.deepEqual(readdirSync(join(root, 'lib')).sort(), ['libc10.so', 'libtorch.so', 'libtorch_cpu.so']);
});

test('what is there already is kept, without a look at the network', async (t) => {
  const { cache, install } = installing(t, officialArchive());
  await install();
  const again = await installLibtorch({ into: { folder: cache } });
  t.false(again.installed);
});

test('a damaged install is replaced', async (t) => {
  const { cache, install } = installing(t, officialArchive());
  const { root } = await install();
  truncateSync(join(root, 'lib', 'libtorch_cpu.so'), 100);
  t.false(inspectLibtorch(root).usable);
  t.true((await install()).installed);
  t.true(inspectLibtorch(root).usable);
  t.deepEqual(contents(cache), ['2.13.0-cpu']);
});

const refusals = {
  'a truncated archive': {
    files: zip(officialArchive()).subarray(0, -60),
    code: 'FEP_DOWNLOAD',
    message: /damaged/,
  },
  'an empty file': { files: Buffer.alloc(0), code: 'FEP_DOWNLOAD', message: /damaged/ },
  'a file that is no archive': {
    files: Buffer.from('<html>not found</html>'.repeat(9)),
    code: 'FEP_DOWNLOAD',
  },
  'an archive of something else': {
    files: { 'a/b.txt': 'c' },
    code: 'FEP_DOWNLOAD',
    message: /neither a libtorch/,
  },
  'a flipped bit': {
    files: { ...officialArchive(), 'libtorch/lib/libc10.so': { data: fakeLibrary(), crc: 1 } },
    code: 'FEP_DOWNLOAD',
    message: /libc10\.so has a wrong checksum/,
  },
  'a path that escapes': {
    files: { ...officialArchive(), 'libtorch/lib/../../../../evil.so': fakeLibrary() },
    code: 'FEP_DOWNLOAD',
    message: /evil\.so/,
  },
  'an absolute path': { files: { ...officialArchive(), '/evil.so': fakeLibrary() }, code: 'FEP_DOWNLOAD' },
  'a link that escapes': {
    files: {
      ...officialArchive(),
      'libtorch/lib/libevil.so': { data: '../../../../etc/passwd', mode: 0o120777 },
    },
    code: 'FEP_DOWNLOAD',
    message: /outside its folder/,
  },
  'another version': {
    files: officialArchive('2.12.0+cpu'),
    code: 'FEP_VERSION_MISMATCH',
    message: /2\.12\.0/,
  },
  'another variant': {
    files: officialArchive('2.13.0+cu130'),
    code: 'FEP_VERSION_MISMATCH',
    message: /cu130 variant/,
  },
  'a CUDA wheel': {
    files: wheel({ version: '2.13.0+cu130', cuda: '13.0' }),
    code: 'FEP_DOWNLOAD',
    message: /CUDA wheel/,
  },
  'a CUDA wheel whose name does not say so': {
    files: wheel({ version: '2.13.0', cuda: '13.0' }),
    code: 'FEP_DOWNLOAD',
    message: /CUDA wheel/,
  },
  'an archive without its main library': {
    files: { ...officialArchive(), 'libtorch/lib/libtorch_cpu.so': '' },
    code: 'FEP_DOWNLOAD',
    message: /cannot be used: it lib\/libtorch_cpu\.so is empty|libtorch_cpu\.so is empty/,
  },
};

for (const [name, { files, code, message }] of Object.entries(refusals)) {
  test(`refused, leaving nothing: ${name}`, async (t) => {
    const { cache, install } = installing(t, files);
    const error = await t.throwsAsync(install());
    t.is(error.code, code, error.message);
    if (message) t.regex(error.message, message);
    t.deepEqual(contents(cache), []);
  });
}

test('links inside the archive are kept', async (t) => {
  const link = { data: 'libc10.so', mode: 0o120777 };
  const { install } = installing(t, { ...officialArchive(), 'libtorch/lib/libc10.so.1': link });
  const { libDir } = await install();
  t.deepEqual(readFileSync(join(libDir, 'libc10.so.1')), fakeLibrary());
});

test('a missing --from file and an unknown variant are named', async (t) => {
  const into = { folder: temporaryFolder(t) };
  await t.throwsAsync(installLibtorch({ into, from: '/no/such/file.zip' }), { message: /no such file/ });
  await t.throwsAsync(installLibtorch({ into, variant: 'cu118' }), {
    code: 'FEP_USAGE',
    message: /cpu, cu130/,
  });
});

test('a cache that cannot be made is reported', async (t) => {
  const { from } = installing(t, officialArchive());
  const file = join(temporaryFolder(t), 'file');
  writeFileSync(file, '');
  await t.throwsAsync(installLibtorch({ from, into: { folder: file } }), { code: 'FEP_IO', message: /file/ });
});

test('many installs at once all succeed and leave one', async (t) => {
  const { cache, install } = installing(t, officialArchive());
  const made = await Promise.all(Array.from({ length: 5 }, install));
  for (const { root } of made) t.is(root, join(cache, 'libtorch', '2.13.0-cpu'));
  t.true(inspectLibtorch(made[0].root).usable);
  t.deepEqual(contents(cache), ['2.13.0-cpu']);
});

/** A mirror that takes its time: its address, and how often it was asked. */
async function slowMirror(t, milliseconds) {
  const asked = { times: 0 };
  const archive = zip(officialArchive());
  const address = await serving(t, (_request, response) => {
    asked.times++;
    setTimeout(() => response.end(archive), milliseconds);
  });
  return { asked, env: { FEP_LIBTORCH_MIRROR: address, FEP_CACHE: temporaryFolder(t) } };
}

test('of two downloads at once one waits for the other and downloads nothing', async (t) => {
  const { asked, env } = await slowMirror(t, 200);
  const install = () => installLibtorch({ env });
  const made = await Promise.all([install(), install()]);
  t.deepEqual(made.map(({ installed }) => installed).sort(), [false, true]);
  t.is(asked.times, 1);
});

test('so do two processes with one cache', async (t) => {
  const mirror = await slowMirror(t, 2000);
  const script = join(temporaryFolder(t), 'install.cjs');
  const module = new URL('../dist/libtorch/install.js', import.meta.url).pathname;
  writeFileSync(
    script,
    `require(${JSON.stringify(module)}).installLibtorch().then(({ installed }) => process.send(installed));`,
  );
  const env = { ...process.env, ...mirror.env };
  const messages = [1, 2].map(() => once(endWithTests(fork(script, { env })), 'message'));
  t.deepEqual((await Promise.all(messages)).map(([installed]) => installed).sort(), [false, true]);
  t.is(mirror.asked.times, 1);
});

test('an install that is killed leaves nothing that looks whole, and the next one cleans up', async (t) => {
  const { cache, from, install } = installing(t, officialArchive());
  const script = join(temporaryFolder(t), 'killed.cjs');
  const modulePath = new URL('../dist/libtorch/install.js', import.meta.url).pathname;
  writeFileSync(
    script,
    `const { installLibtorch } = require(${JSON.stringify(modulePath)});
     const onProgress = ({ stage, done, total }) => { if (stage === 'unpack' && done > total / 2) process.kill(process.pid, 'SIGKILL'); };
     installLibtorch({ from: ${JSON.stringify(from)}, into: { folder: ${JSON.stringify(cache)} }, onProgress });`,
  );
  const [, signal] = await once(endWithTests(fork(script)), 'exit');
  t.is(signal, 'SIGKILL');
  t.true(contents(cache).length > 0);
  t.true(contents(cache).every((name) => name.startsWith('.')));
  const { installed } = await install();
  t.true(installed);
  t.deepEqual(contents(cache), ['2.13.0-cpu']);
});

test('an abort stops it and leaves nothing', async (t) => {
  const stop = new AbortController();
  const onProgress = ({ stage }) => stage === 'unpack' && stop.abort();
  const { cache, install } = installing(t, officialArchive(), { signal: stop.signal, onProgress });
  await t.throwsAsync(install(), { code: 'FEP_ABORTED' });
  t.deepEqual(contents(cache), []);
});

test('the official archive has its usual name', (t) => {
  const url = 'https://download.pytorch.org/libtorch/cpu/libtorch-shared-with-deps-2.13.0%2Bcpu.zip';
  const linux = { platform: 'linux', arch: 'x64' };
  t.is(archiveUrl('cpu', {}, linux), url);
  t.is(archiveUrl('cu130', {}, linux), url.replaceAll('cpu', 'cu130'));
});

test('a download that breaks off is taken up where it stopped', async (t) => {
  const archive = zip(officialArchive());
  const ranges = [];
  const FEP_LIBTORCH_MIRROR = await serving(t, (request, response) => {
    const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
    ranges.push(from);
    response.writeHead(from ? 206 : 200, { 'content-length': archive.length - from });
    if (ranges.length > 1) return response.end(archive.subarray(from));
    response.write(archive.subarray(0, 500), () => setTimeout(() => response.destroy(), 800));
  });
  const env = { FEP_LIBTORCH_MIRROR, FEP_CACHE: temporaryFolder(t) };
  const { root, installed } = await installLibtorch({ env });
  t.true(installed);
  t.deepEqual(ranges, [0, 500]);
  t.regex(
    JSON.parse(readFileSync(join(root, 'fep-libtorch.json'), 'utf8')).source,
    /libtorch-shared-with-deps/,
  );
});

test('a download that always breaks off is an error and leaves nothing', async (t) => {
  const folder = temporaryFolder(t);
  const FEP_LIBTORCH_MIRROR = await serving(t, (_request, response) => {
    response.writeHead(200, { 'content-length': 1000 });
    response.write('PK', () => setTimeout(() => response.destroy(), 20));
  });
  const failed = installLibtorch({ env: { FEP_LIBTORCH_MIRROR, FEP_CACHE: folder } });
  await t.throwsAsync(failed, { code: 'FEP_DOWNLOAD', message: /broke off 4 times/ });
  t.deepEqual(contents(folder), []);
});

test('where the host cannot be reached, the wheel is asked for', async (t) => {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, 'made.whl'), zip(wheel()));
  const name = 'torch-2.13.0+cpu-cp311-none-linux.whl';
  const FEP_PYTHON = fakePython(
    folder,
    `[ "$spec" = torch==2.13.0+cpu ] && cp ${folder}/made.whl "$dest/${name}"`,
  );
  const said = [];
  const { installed } = await installLibtorch({
    env: { PATH: process.env.PATH, FEP_LIBTORCH_MIRROR: 'http://127.0.0.1:9', FEP_CACHE: folder, FEP_PYTHON },
    onProgress: ({ message }) => message && said.push(message),
  });
  t.true(installed);
  t.regex(said.join('\n'), /127\.0\.0\.1:9 cannot be reached \(.*\); asking pip for torch 2\.13\.0/);
});

test('a host that refuses counts as one that cannot be reached; pip that fails is quoted', async (t) => {
  const folder = temporaryFolder(t);
  const FEP_LIBTORCH_MIRROR = await serving(t, (_request, response) => {
    response.writeHead(403);
    response.end();
  });
  const FEP_PYTHON = fakePython(folder, 'echo "ERROR: No matching distribution found for $spec"; exit 1');
  const env = { PATH: process.env.PATH, FEP_LIBTORCH_MIRROR, FEP_CACHE: folder, FEP_PYTHON };
  const error = await t.throwsAsync(installLibtorch({ env }));
  t.is(error.code, 'FEP_DOWNLOAD');
  t.regex(error.message, /No matching distribution found for torch==2\.13\.0$/);
  t.regex(error.hint, /--from FILE/);
});

test('without pip, and for CUDA without its archive, the error says what to do', async (t) => {
  const folder = temporaryFolder(t);
  const env = {
    FEP_LIBTORCH_MIRROR: 'http://127.0.0.1:9',
    FEP_CACHE: folder,
    FEP_PYTHON: join(folder, 'none'),
  };
  const noPip = await t.throwsAsync(installLibtorch({ env }), { code: 'FEP_DOWNLOAD' });
  t.regex(noPip.hint, /pip.*--from FILE/);
  const noCuda = await t.throwsAsync(installLibtorch({ env, variant: 'cu130' }), { code: 'FEP_DOWNLOAD' });
  t.regex(noCuda.message, /cuDNN/);
  t.regex(noCuda.hint, /--from/);
});

test('a finished install may be a link to elsewhere', async (t) => {
  const folder = temporaryFolder(t);
  const elsewhere = writeTree(join(folder, 'elsewhere'), fakeFiles());
  writeTree(join(folder, 'cache', 'libtorch'), { '.keep': '' });
  symlinkSync(elsewhere, join(folder, 'cache', 'libtorch', '2.13.0-cpu'));
  t.false((await installLibtorch({ into: { folder: join(folder, 'cache') } })).installed);
});
