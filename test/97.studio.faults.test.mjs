// The studio's server over HTTP where something beside it fails: a damaged record, a disk, a model that loops, an address.
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import promises from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import test from 'ava';
import { SMALL } from './helpers/bench.mjs';
import { temporaryFolder, zip } from './helpers/libtorch.mjs';
import { clip, ENDS, LONG, model, SHORT, setUp } from './helpers/studio.mjs';

const RECORD = {
  title: 'a run',
  state: 'done',
  created: '2026-01-01T00:00:00.000Z',
  request: { clip, model, options: { method: 'ep', area: 0.1 } },
  located: { clip: { path: 'a.mp4' }, model: 'small.pt' },
  result: null,
  problem: null,
};

/** Lets a function of the disk fail as the system says it, where `when` holds for what it is called with. */
function breakDisk(name, code, when = () => true) {
  const real = promises[name];
  promises[name] = async (...args) => {
    if (!when(...args.map(String))) return real(...args);
    const error = new Error(`${code}: no such luck, ${name} '${args[0]}'`);
    throw Object.assign(error, { code, syscall: name, path: args[0] });
  };
  return () => {
    promises[name] = real;
  };
}

async function until(holds) {
  while (!(await holds())) await new Promise((next) => setTimeout(next, 50));
}

test.serial('a damaged record hides no other run, and says that it is damaged', async (t) => {
  const { json, ask, folder } = await setUp(t);
  const optionsOf = (options) => JSON.stringify({ ...RECORD, request: { ...RECORD.request, options } });
  const deep = `{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`;
  const damaged = [
    optionsOf({ a: { toString: 1 } }),
    optionsOf({ a: [{ toString: 1, valueOf: 1 }] }),
    optionsOf({ a: null }),
    JSON.stringify(RECORD).replace('{"method":"ep","area":0.1}', deep),
    JSON.stringify({ ...RECORD, located: { clip: {}, model: 1 } }),
    '{"title":',
    'null',
  ];
  for (const [i, text] of [JSON.stringify(RECORD), ...damaged].entries()) {
    mkdirSync(join(folder, `run${i}`));
    writeFileSync(join(folder, `run${i}`, 'studio.json'), text);
  }
  const runs = await json('/api/runs');
  t.is(runs.length, damaged.length + 1);
  t.deepEqual(
    runs.filter(({ problem }) => problem === null).map(({ id }) => id),
    ['run0'],
  );
  t.is(
    (await json('/api/runs/run0')).command,
    'npx fep-native explain a.mp4 --model small.pt --method ep --area 0.1',
  );
  for (const [i] of damaged.entries()) {
    const { state, problem } = await json(`/api/runs/run${i + 1}`);
    t.is(state, 'failed');
    t.regex(problem.message, /studio\.json, is damaged/);
  }
  t.is((await ask('/api/runs/run1', { method: 'DELETE' })).status, 204);
  t.is((await json('/api/runs')).length, damaged.length);
});

test.serial('a disk that fails is said in a sentence, without a path of this machine', async (t) => {
  const { ask, post, folder } = await setUp(t);
  mkdirSync(join(folder, 'kept'));
  writeFileSync(join(folder, 'kept', 'studio.json'), JSON.stringify(RECORD));
  const upload = { kind: 'clip', name: 'a.mp4', size: 10 };
  const check = async (response, pattern) => {
    const { error } = await response.json();
    t.is(error.code, 'FEP_IO');
    t.regex(error.message, pattern);
    t.true(error.hint.length > 10);
    t.false(JSON.stringify(error).includes(folder), JSON.stringify(error));
  };
  for (const [code, pattern] of [
    ['EROFS', /read-only/],
    ['ENOSPC', /full/],
    ['EACCES', /may not/],
  ]) {
    const mends = ['mkdir', 'rename', 'writeFile'].map((name) => breakDisk(name, code));
    try {
      await check(await post('/api/jobs', SHORT), pattern);
      await check(await post('/api/uploads', upload), pattern);
      await check(await ask('/api/runs/kept', { method: 'DELETE' }), pattern);
      await check(await post('/api/runs/kept', { title: 'b' }, 'PATCH'), pattern);
    } finally {
      for (const mend of mends) mend();
    }
  }
  rmSync(folder, { recursive: true });
  await check(await ask('/api/runs'), /no longer there/);
});

test.serial('a studio that cannot begin in its folder says which option gives another', async (t) => {
  const file = join(temporaryFolder(t), 'file');
  writeFileSync(file, '');
  await t.throwsAsync(setUp(t, { folder: join(file, 'runs') }), { code: 'FEP_IO' });
  const mend = breakDisk('open', 'EROFS');
  try {
    const error = await t.throwsAsync(setUp(t), { code: 'FEP_IO', message: /read-only/ });
    t.regex(error.hint, /--folder/);
  } finally {
    mend();
  }
});

test.serial('a run whose end cannot be written has ended all the same', async (t) => {
  const { json, start, until: reach, post } = await setUp(t);
  const long = { ...SHORT, options: { ...SHORT.options, iterations: 1000 } }; // some seconds, so that the disk breaks first
  const { id } = await start(long);
  await reach(id, ['running']);
  const mend = breakDisk('rename', 'EROFS', (_, to) => to.endsWith('studio.json'));
  try {
    t.like(await reach(id, ENDS), { state: 'failed', problem: { code: 'FEP_IO' } });
    t.like(await json('/api/runs'), [{ id, state: 'failed', problem: { code: 'FEP_IO' } }]);
    t.deepEqual(await json('/api/jobs'), []);
  } finally {
    mend();
  }
  await post(`/api/runs/${id}`, { title: 'renamed' }, 'PATCH');
  t.like(await json(`/api/runs/${id}`), { state: 'failed', title: 'renamed' });
});

const processes = () => process.getActiveResourcesInfo().filter((name) => name === 'ProcessWrap').length;

test.serial('models that were asked side by side do not stay', async (t) => {
  await until(() => processes() === 0);
  const models = temporaryFolder(t);
  const names = Array.from({ length: 6 }, (_, i) => `${i}.pt`);
  for (const name of names) copyFileSync(SMALL, join(models, name));
  const { post } = await setUp(t, { models, maxModels: 2 });
  const ask = (name) => post('/api/predict', { clip, model: `folder:${name}` });
  const answers = await Promise.all(names.map(ask));
  t.deepEqual(
    answers.map(({ status }) => status),
    names.map(() => 200),
  );
  await until(() => processes() <= 2);
  t.is(processes(), 2);
});

/** The files of a zip, by name. */
function unzip(bytes) {
  const files = {};
  let at = bytes.readUInt32LE(bytes.lastIndexOf('PK\x05\x06', undefined, 'latin1') + 16);
  while (bytes.readUInt32LE(at) === 0x02014b50) {
    const [method, size, local] = [
      bytes.readUInt16LE(at + 10),
      bytes.readUInt32LE(at + 20),
      bytes.readUInt32LE(at + 42),
    ];
    const lengths = [28, 30, 32].map((place) => bytes.readUInt16LE(at + place));
    const begin = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const packed = bytes.subarray(begin, begin + size);
    files[bytes.toString('utf8', at + 46, at + 46 + lengths[0])] =
      method === 8 ? inflateRawSync(packed) : packed;
    at += 46 + lengths[0] + lengths[1] + lengths[2];
  }
  return files;
}

/** The small model, which never comes to an answer of a clip; to the noise by which a model is checked, it does. */
function loopingModel(t) {
  const files = unzip(readFileSync(SMALL));
  const code = 'small/code/__torch__.py';
  files[code] = String(files[code]).replace(
    '    return (self).head((self).features(x, ), )',
    [
      '    y = x',
      '    _9 = bool(torch.gt(torch.std(torch.mean(x, [2])), torch.mul(torch.std(x), 0.7)))',
      '    _8 = _9',
      '    while _8:',
      '      y0 = torch.add(y, x)',
      '      _8, y = _9, y0',
      '    return (self).head((self).features(y, ), )',
    ].join('\n'),
  );
  const file = join(temporaryFolder(t), 'loop.pt');
  writeFileSync(file, zip(files));
  return file;
}

test.serial('a model that loops is ended, and what it was asked is answered', async (t) => {
  await until(() => processes() === 0);
  const { post } = await setUp(t, { model: [loopingModel(t)], callLimit: 2 });
  const response = await post('/api/predict', { clip, model });
  const { error } = await response.json();
  t.is(error.code, 'FEP_MODEL_RUN');
  t.regex(error.message, /did not answer within 2 s/);
  t.regex(error.hint, /--call-limit/);
  await until(() => processes() === 0);
  t.pass();
});

test.serial('a call that comes too late ends no run beside it', async (t) => {
  const { ask, json, post, start, until: reach } = await setUp(t, { callLimit: 0.001 });
  const { id } = await start(LONG);
  const frames = (await ask(`/api/jobs/${id}/frames`)).body.getReader();
  await frames.read(); // it is at work
  await frames.cancel();
  await until(async () => (await post('/api/predict', { clip, model })).status === 500);
  t.is((await json(`/api/runs/${id}`)).state, 'running');
  await post(`/api/jobs/${id}/stop`, {});
  t.is((await reach(id, ENDS)).state, 'stopped');
});

/** What a server answers to bytes. */
function send(origin, text) {
  const { hostname, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(text));
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });
}

test.serial('addresses that are none are refused like all else', async (t) => {
  const { ask, origin } = await setUp(t);
  for (const [path, status] of [
    ['/api/%', 400],
    ['/api/runs/%E0%A4%A', 400],
    [`/api/runs/${'a'.repeat(300)}`, 414],
  ]) {
    const response = await ask(path);
    t.is(response.status, status, path);
    t.is(response.headers.get('content-security-policy'), "default-src 'none'; frame-ancestors 'none'");
    t.is(response.headers.get('x-content-type-options'), 'nosniff');
    const { error } = await response.json();
    t.is(error.code, 'FEP_USAGE');
    t.true(error.hint.length > 10);
  }
  for (const [text, status] of [
    [`GET /${'a'.repeat(100_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, 431],
    ['nonsense\r\n\r\n', 400],
  ]) {
    const answer = await send(origin, text);
    t.true(answer.startsWith(`HTTP/1.1 ${status} `), answer);
    t.regex(answer, /content-security-policy: default-src 'none'/);
    t.is(JSON.parse(answer.split('\r\n\r\n')[1]).error.code, 'FEP_USAGE');
  }
});
