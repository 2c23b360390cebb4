// Other libraries' models from Node: imported on the way, kept by content, checked, explained; what is missing is said.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { explain, importModel, loadModel, readClip } from 'fep-native';
import { locateLibtorch } from '../dist/libtorch/locate.js';
import { venvPython } from '../scripts/python-env.mjs';
import { temporaryFolder } from './helpers/libtorch.mjs';

const CLI = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const SAMPLE = fileURLToPath(new URL('../models/sample.mp4', import.meta.url));
const SIZE = { layout: 'NCTHW', frames: 4, height: 24, width: 20 };

const NETWORK = `
import torch
from torch import nn

class Network(nn.Module):
    def __init__(self):
        super().__init__()
        torch.manual_seed(4)
        self.body = nn.Conv3d(3, 6, 3, padding=1)
        self.fc = nn.Linear(6, 3)

    def forward(self, clip):
        return {"scores": self.fc(self.body(clip).relu().mean((2, 3, 4)))}

class Recurrent(Network):
    """Its LSTM begins with a state of one clip, which libtorch does not check in a trace."""

    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(6, 6, batch_first=True)

    def forward(self, clip):
        frames = self.body(clip).mean((3, 4)).transpose(1, 2)
        state = torch.zeros(1, 1, 6)
        return self.fc(self.lstm(frames, (state, state))[0][:, -1])

class Pair(Network):
    """Channels last, and the scores of each frame beside its features."""

    def forward(self, clip):
        frames = self.body(clip.permute(0, 4, 1, 2, 3)).relu().mean((3, 4)).transpose(1, 2)
        return frames, self.fc(frames).softmax(-1)

def pair():
    return Pair()

def build():
    return Network()

def recurrent():
    return Recurrent()

def number():
    return 3
`;

/** A file with a network of its own in a new folder, and a cache of its own. */
function workshop(t) {
  const folder = temporaryFolder(t);
  const file = join(folder, 'network.py');
  writeFileSync(file, NETWORK);
  const cache = { FEP_CACHE: join(folder, 'cache'), FEP_LIBTORCH: locateLibtorch().root };
  return { folder, file, env: { ...process.env, NO_COLOR: '1', ...cache } };
}

/** Runs the command line to its end. */
function cli(args, env) {
  return new Promise((done) => {
    const child = spawn(process.execPath, [CLI, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const out = { stdout: '', stderr: '' };
    child.stdout.on('data', (text) => (out.stdout += text));
    child.stderr.on('data', (text) => (out.stderr += text));
    child.once('close', (code) => done({ code, ...out }));
  });
}

test('an imported model answers as its own network does', async (t) => {
  const { folder, file } = workshop(t);
  const out = join(folder, 'model.pt');
  const classes = ['run', 'jump', 'fall'];
  const input = { ...SIZE, mean: [0.5, 0.5, 0.5], sampling: { type: 'dense', stride: 2 } };
  const steps = [];
  const onStep = (step) => steps.push(step);
  const manifest = await importModel(`${file}:build`, out, { python: venvPython, input, classes, onStep });
  t.deepEqual(manifest.output.classes, classes);
  t.like(manifest.input, { ...SIZE, mean: [0.5, 0.5, 0.5], sampling: { type: 'dense', stride: 2 } });
  t.is(manifest.origin.check.batch, 'alike');
  t.true(manifest.origin.check.gradient <= 1e-4);
  t.true(steps.length >= 3, steps.join());
  const model = await loadModel(out);
  t.teardown(() => model.dispose());
  const clip = await readClip(SAMPLE, model.manifest.input);
  const probabilities = await model.predict(clip);
  const code = `import json, sys, torch; sys.path.insert(0, ${JSON.stringify(folder)}); from network import build
clip = torch.tensor(json.load(sys.stdin)).reshape(1, 3, 4, 24, 20)
print(json.dumps(build()(clip)["scores"].softmax(1)[0].tolist()))`;
  const answer = execFileSync(venvPython, ['-c', code], { input: JSON.stringify([...clip.data]) });
  const expected = JSON.parse(answer);
  for (const [i, share] of expected.entries()) t.true(Math.abs(probabilities[i] - share) < 1e-6);
});

test('explain imports on the way, once for a content', async (t) => {
  const { folder, file, env } = workshop(t);
  const flags = ['--layout', 'NCTHW', '--frames', '4', '--size', '24x20', '--activation', 'logits'];
  const run = (to) =>
    cli(
      ['explain', SAMPLE, '--model', `${file}:build`, '--python', venvPython, ...flags].concat([
        '--method',
        'gradients',
        '--json',
        '--out',
        join(folder, to),
      ]),
      env,
    );
  const imported = () =>
    readdirSync(join(folder, 'cache', 'imported')).filter((name) => name.endsWith('.pt'));
  const first = await run('first');
  t.is(first.code, 0, first.stderr);
  const [kept] = imported();
  const again = await run('again');
  t.is(again.code, 0, again.stderr);
  t.deepEqual(imported(), [kept], 'the same file');
  writeFileSync(file, NETWORK.replace('manual_seed(4)', 'manual_seed(5)'));
  t.is((await run('other')).code, 0);
  t.is(imported().length, 2, 'another content is another model');
  writeFileSync(join(folder, 'helper.py'), 'K = 1');
  t.is((await run('helper')).code, 0);
  t.is(imported().length, 3, 'what stands beside it may be imported by it');
  t.true(existsSync(join(folder, 'other', 'result.json')));
});

test('an own network of another order of axes and of several outputs is explained on the way', async (t) => {
  const { folder, file, env } = workshop(t);
  const described = ['--frames', '4', '--size', '24x20', '--python', venvPython, '--json'];
  const run = (...more) =>
    cli(
      [
        'explain',
        SAMPLE,
        '--model',
        `${file}:pair`,
        '--method',
        'gradients',
        '--out',
        join(folder, 'out'),
      ].concat(described, more),
      env,
    );
  const asked = JSON.parse((await run()).stdout).error;
  t.regex(asked.message, /0 \(1×4×6\), 1 \(1×4×3\)/);
  t.regex(asked.hint, /--output 0 or --output 1/);
  t.regex(JSON.parse((await run('--output', '1')).stdout).error.hint, /--average-over time/);
  const done = await run('--output', '1', '--average-over', 'time', '--layout', 'NTHWC');
  t.is(done.code, 0, done.stderr);
  const { model } = JSON.parse(readFileSync(join(folder, 'out', 'result.json'), 'utf8'));
  t.is(model.input.layout, 'NTCHW', 'the rest is inside the file');
  t.is(model.activation, 'softmax', 'probabilities are found');
  t.is(model.averageOver, undefined);
});

test('the same from a program', async (t) => {
  const { folder, file } = workshop(t);
  const input = { frames: 4, height: 24, width: 20 };
  const options = { python: venvPython, input, layout: 'NTHWC', output: 1, averageOver: '1' };
  const manifest = await importModel(`${file}:pair`, join(folder, 'model.pt'), options);
  t.is(manifest.reference.logits.length, 3);
  const wrong = await t.throwsAsync(importModel(`${file}:pair`, 'x.pt', { averageOver: 'space' }));
  t.regex(wrong.message, /averageOver/);
});

test('what only an import can build into a file is refused for a file', async (t) => {
  for (const [choices, message] of [
    [{ layout: 'NTHWC' }, /--layout NTHWC is for an import/],
    [{ averageOver: '2,3' }, /--average-over 2,3 is for an import/],
  ]) {
    const refused = await t.throwsAsync(loadModel('r2plus1d-mini', { import: choices }));
    t.is(refused.code, 'FEP_USAGE');
    t.regex(refused.message, message);
    t.regex(refused.hint, /fep-native import/);
  }
});

test('an import on the way starts two Pythons: one says what it has, one imports', async (t) => {
  const { folder, file, env } = workshop(t);
  const python = join(folder, 'python');
  const log = join(folder, 'started');
  writeFileSync(python, `#!/bin/sh\necho "$1" >> '${log}'\nexec '${venvPython}' "$@"\n`, { mode: 0o755 });
  const args = ['explain', SAMPLE, '--model', `${file}:build`, '--python', python, '--method', 'gradients'];
  const described = ['--layout', 'NCTHW', '--frames', '4', '--size', '24x20', '--out', join(folder, 'out')];
  const done = await cli([...args, ...described], env);
  t.is(done.code, 0, done.stderr);
  t.deepEqual(readFileSync(log, 'utf8').trim().split('\n'), ['-c', '-m']);
});

test('import prints what was compared, and the model file can be explained', async (t) => {
  const { folder, file, env } = workshop(t);
  const out = join(folder, 'model.pt');
  const args = ['import', `${file}:build`, '--out', out, '--python', venvPython];
  const described = ['--layout', 'NCTHW', '--frames', '4', '--size', '24'];
  const text = await cli([...args, ...described], env);
  t.is(text.code, 0, text.stderr);
  t.regex(text.stdout, /model\.pt: Network, NCTHW, 4 frames of 24x24, 3 classes/);
  t.regex(text.stdout, /logits equal|logits off by/);
  t.regex(text.stdout, /CHECK +FOUND/);
  const model = await loadModel(out);
  t.teardown(() => model.dispose());
  const clip = await readClip(SAMPLE, model.manifest.input);
  const { masks } = await explain(model, clip, { method: 'grad-cam' });
  t.is(masks[0].details.layer, 'network.body');
});

test('what is wrong is said, with what to do, and nothing is written', async (t) => {
  const { folder, file, env } = workshop(t);
  const out = join(folder, 'x.pt');
  const run = async (...args) => {
    const { code: exit, stdout } = await cli(
      ['import', ...args, '--out', out, '--json', '--python', venvPython],
      env,
    );
    return { exit, ...JSON.parse(stdout).error };
  };
  t.like(await run(`${file}:build`), { exit: 1, code: 'FEP_MODEL_IMPORT' });
  t.regex((await run(`${file}:build`)).hint, /--layout --frames --size/);
  const described = ['--layout', 'NCTHW', '--frames', '4', '--size', '24'];
  t.regex((await run(`${file}:number`, ...described)).message, /torch\.nn\.Module was expected/);
  t.regex((await run('torchvision:nothing')).hint, /r2plus1d_18/);
  t.like(await run('model.onnx'), { exit: 2, code: 'FEP_USAGE' });
  t.regex((await run(file)).hint, /network\.py:FUNCTION/);
  t.false(existsSync(out));
});

test('a Python that is missing, or has no torch', async (t) => {
  const { folder, file } = workshop(t);
  const out = join(folder, 'x.pt');
  const absent = await t.throwsAsync(
    importModel(`${file}:build`, out, { python: join(folder, 'no-python') }),
  );
  t.is(absent.code, 'FEP_PYTHON_NOT_FOUND');
  execFileSync(venvPython, ['-m', 'venv', '--without-pip', join(folder, 'bare')]);
  const python = join(folder, 'bare', 'bin', 'python');
  const bare = await t.throwsAsync(importModel(`${file}:build`, out, { python }));
  t.is(bare.code, 'FEP_PYTHON_NOT_FOUND');
  t.regex(bare.message, /has no torch/);
  t.regex(bare.hint, /-m pip install torch/);
});

test('a network that takes one clip gets one: two at once may end the process', async (t) => {
  const { folder, file } = workshop(t);
  const out = join(folder, 'model.pt');
  const manifest = await importModel(`${file}:recurrent`, out, { python: venvPython, input: SIZE });
  t.regex(manifest.origin.check.batch, /^one clip at a time: /);
  const model = await loadModel(out);
  t.teardown(() => model.dispose());
  t.is(model.check.batch, 'fails');
  const clip = await readClip(SAMPLE, model.manifest.input);
  const { masks } = await explain(model, clip, { method: 'rise', samples: 4 });
  t.true(masks[0].attribution.some((value) => value > 0));
});

test('an import can be stopped', async (t) => {
  const { folder, file } = workshop(t);
  const controller = new AbortController();
  const onStep = () => controller.abort();
  const { signal } = controller;
  const options = { python: venvPython, input: SIZE, signal, onStep };
  const stopped = await t.throwsAsync(importModel(`${file}:build`, join(folder, 'x.pt'), options));
  t.is(stopped.code, 'FEP_ABORTED');
  t.deepEqual(
    readdirSync(folder).filter((name) => name.includes('x.pt')),
    [],
  );
});

test('the active environment is found, and doctor and the list say what it has', async (t) => {
  const { folder, env } = workshop(t);
  const active = { ...env, VIRTUAL_ENV: fileURLToPath(new URL('../.venv', import.meta.url)) };
  const { checks } = JSON.parse((await cli(['doctor', '--json'], active)).stdout);
  const check = checks.find(({ name }) => name === 'importing models');
  t.is(check.status, 'ok');
  t.regex(check.detail, /\.venv.*torch 2\.13\.0/);
  const { python, sources } = JSON.parse(
    (await cli(['models', 'list', '--importable', '--json'], active)).stdout,
  );
  t.regex(python, /\.venv/);
  t.deepEqual(sources.find(({ form }) => form === 'torchvision:NAME').missing, []);
  mkdirSync(join(folder, 'bin'));
  symlinkSync(process.execPath, join(folder, 'bin', 'node'));
  const none = { ...env, PATH: join(folder, 'bin'), VIRTUAL_ENV: '', CONDA_PREFIX: '' };
  const without = JSON.parse((await cli(['doctor', '--json'], none)).stdout).checks;
  t.is(without.find(({ name }) => name === 'importing models').status, 'warn');
});

test('wrong choices are refused before Python starts', async (t) => {
  const refused = await t.throwsAsync(importModel('torchvision:r3d_18', 'x.pt', { head: 'adverb' }));
  t.is(refused.code, 'FEP_USAGE');
  t.is((await t.throwsAsync(importModel(3, 'x.pt'))).code, 'FEP_USAGE');
});
