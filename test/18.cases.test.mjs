// Situations from public bug reports, each a kind of its own: what became of it before, and what becomes of it now. The
// table of docs/cases.md is what this prints: FEP_WRITE_CASES=1 npm test test/18.cases.test.mjs writes it.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { compare, explain, loadModel, readClip, readFrames, writeNpy } from 'fep-native';
import sharp from 'sharp';
import { FIELD_INPUT, makeFieldModels } from './helpers/fieldModels.mjs';
import { makeVideo } from './helpers/makeVideo.mjs';
import { python } from './helpers/python.mjs';

const models = makeFieldModels(test);
const folder = mkdtempSync(join(tmpdir(), 'fep-cases-'));
test.after.always(() => rmSync(folder, { recursive: true, force: true }));

const RISE = { method: 'rise', samples: 8 };
const EP = { method: 'ep', iterations: 2 };

/** What became of it, in one line: a refusal, or what was done with its warnings. */
async function outcome(run) {
  const short = (text) => [folder, models.folder()].reduce((now, path) => now.replaceAll(path, '…'), text);
  try {
    const { warnings = [], said = '' } = await run();
    const words = warnings.length > 0 ? `, and says: ${warnings.join(' ')}` : ', without a warning';
    return short(`${said}${words}`);
  } catch (error) {
    return short(`refused (${error.code}): ${error.message} → ${error.hint ?? ''}`);
  }
}

/** Explains the clip by each of the methods. */
function explained(name, options = {}, methods = [RISE, EP]) {
  return async () => {
    const input = { input: FIELD_INPUT, activation: 'logits', ...options };
    const model = await loadModel(models.file(name), input);
    try {
      const clip = await models.clip();
      for (const method of methods) await explain(model, clip, method);
      return { said: 'explained', warnings: model.warnings };
    } finally {
      model.dispose();
    }
  };
}

function compared(name) {
  return async () => {
    const model = await loadModel(models.file(name), { input: FIELD_INPUT, activation: 'logits' });
    try {
      const found = await compare(model, { clip: await models.clip() }, { iterations: 2, curveSteps: 0 });
      return { said: `compared by ${found.methods.length} methods`, warnings: model.warnings };
    } finally {
      model.dispose();
    }
  };
}

/** Reads a folder of pictures of these names. */
function pictures(name, files, options = {}) {
  return async () => {
    const path = join(folder, name);
    mkdirSync(path, { recursive: true });
    const picture = sharp({ create: { width: 16, height: 12, channels: 3, background: '#246' } });
    for (const file of files) await picture.clone().toFile(join(path, file));
    const { frames, warnings } = await readFrames(path, options);
    return { said: `${frames} frames`, warnings };
  };
}

function video(name, settings, spoil) {
  return async () => {
    const path = makeVideo(join(folder, name), { frames: 40, width: 96, height: 64, ...settings });
    writeFileSync(path, spoil(readFileSync(path)));
    const { frames, warnings } = await readFrames(path);
    return { said: `${frames} of 40 frames`, warnings };
  };
}

const cutAt = (share) => (bytes) => bytes.subarray(0, Math.floor(bytes.length * share));
/** Longer than several frames: a decoder need not notice fewer bytes, and the encoder does not always write the same. */
function overwritten(bytes) {
  const at = Math.floor(bytes.length / 2);
  for (let i = 0; i < 6000; i++) bytes[at + i] = (i * i * 31 + 7 * i) & 255;
  return bytes;
}

const numbered = (count, name) => Array.from({ length: count }, (_, i) => name(i + 1));
const faststart = { movflags: '+faststart' };

// case, what became of it before, what is done, what is right
const CASES = [
  [
    'an error for several clips, three modules deep',
    'segmentation fault',
    explained('throws'),
    /explained.*one clip at a time/,
  ],
  [
    'the batch size is written into a view',
    'segmentation fault',
    explained('views'),
    /explained.*one clip at a time/,
  ],
  [
    'the same, all methods side by side',
    'a raw interpreter trace',
    compared('views'),
    /compared by 1\d methods.*one clip at a time/,
  ],
  ['out of memory for two clips', 'segmentation fault', explained('greedy'), /explained.*one clip at a time/],
  [
    'one answer for all clips of a batch',
    'one mixed answer for all masks, exit 0',
    explained('one_for_all'),
    /explained.*one at a time/,
  ],
  [
    'frames that are shifted into the next clip',
    'mixed answers, exit 0',
    explained('neighbours'),
    /explained.*one at a time/,
  ],
  [
    'an error in a later iteration',
    'segmentation fault',
    explained('late', {}, [{ ...EP, iterations: 20 }]),
    /refused \(FEP_MODEL_RUN\).*too blurred/,
  ],
  [
    'an error in the backward pass',
    'please report this',
    explained('spoils', {}, [EP]),
    /FEP_MODEL_GRADIENT.*inplace operation.*rise/,
  ],
  [
    'does not run in bfloat16',
    'segmentation fault',
    explained('float32_only', { precision: 'bfloat16' }),
    /This model cannot run in bfloat16: .*dtype/,
  ],
  [
    'detach() behind the last layer',
    'a gradient that the file does not have',
    explained('detached', {}, [EP]),
    /FEP_MODEL_GRADIENT.*no gradient reaches the clip.*rise/,
  ],
  [
    'detach() on one path',
    'another gradient, by a quarter of its largest value',
    explained('part_detached'),
    /explained, without/,
  ],
  [
    'no_grad() around the network',
    'a mask of the regulariser alone, exit 0',
    explained('no_grad', {}, [EP]),
    /FEP_MODEL_GRADIENT.*rise/,
  ],
  [
    'rounding, as in a quantised network',
    'an all-zero map, exit 0',
    explained('rounded', {}, [{ method: 'gradients' }]),
    /FEP_MODEL_GRADIENT.*rise/,
  ],
  ['the same by RISE', 'right', explained('rounded', {}, [RISE]), /explained.*rise needs none/],
  [
    'one output, declared logits',
    'masks that do not depend on the model',
    explained('one_output'),
    /one output.*--activation sigmoid/,
  ],
  [
    'the same, declared sigmoid',
    'not to be had',
    explained('one_output', { activation: 'sigmoid' }),
    /^explained/,
  ],
  [
    'dropout that is still on',
    'another answer each time, no word',
    explained('dropping'),
    /explained.*differently from call to call/,
  ],
  [
    'noise on the input',
    'another answer each time, no word',
    explained('noisy'),
    /explained.*differently from call to call/,
  ],
  [
    'a buffer that counts the runs',
    'another answer each time, no word',
    explained('counting'),
    /explained.*remembers earlier clips/,
  ],
  [
    'ends in softmax, declared logits',
    'wrong probabilities, exit 0',
    explained('softmax'),
    /explained.*--activation softmax/,
  ],
  [
    'ends in a sigmoid, declared logits',
    'wrong probabilities, exit 0',
    explained('sigmoid'),
    /explained.*--activation sigmoid/,
  ],
  [
    'ends in logits, declared softmax',
    'wrong probabilities, exit 0',
    explained('plain', { activation: 'softmax' }),
    /refused.*--activation logits/,
  ],
  [
    'a tuple of features and logits',
    'a stack address',
    explained('tuple'),
    /tuple of 2 .*--output 0 or --output 1/,
  ],
  ['the same, --output 1', 'not to be had', explained('tuple', { tensor: 1 }), /explained, without/],
  ['a list of one', 'a stack address', explained('list'), /explained.*--output 0/],
  [
    'a dictionary',
    "libtorch's internal assertion",
    explained('dictionary'),
    /--output embedding or --output logits/,
  ],
  [
    'the same, --output logits',
    'not to be had',
    explained('dictionary', { tensor: 'logits' }),
    /explained, without/,
  ],
  [
    'two inputs',
    'an internal assertion',
    explained('two_pathways'),
    /wants two inputs \(slow: Tensor, fast: Tensor\)/,
  ],
  [
    'a list of inputs',
    'an internal assertion',
    explained('list_of_pathways'),
    /wants one input \(pathways: List\[Tensor\]\)/,
  ],
  ['N×T×classes', 'refused', explained('along_time'), /--average-over time/],
  [
    'the same, averaged over time',
    'not to be had',
    explained('along_time', { averageOver: 'time' }),
    /explained, without/,
  ],
  [
    'N×classes×T, averaged over time',
    'not to be had',
    explained('classes_by_time', { averageOver: 'time' }),
    /explained, without/,
  ],
  ['(N·T)×classes', 'refused', explained('segments'), /--average-over segments/],
  [
    'the same, averaged over segments',
    'not to be had',
    explained('segments', { averageOver: 'segments' }),
    /explained, without/,
  ],
  ['N×classes×1×1×1', 'refused', explained('ones'), /explained, without/],
  ['squeezed to classes', 'refused', explained('squeezed'), /explained, without/],
  [
    'weights in half precision',
    'refused with a hint about the layout',
    explained('float16'),
    /explained.*Half: they were converted to float32/,
  ],
  [
    'weights in double precision',
    'refused with a hint about the layout',
    explained('float64'),
    /explained.*Double: they were converted/,
  ],
  [
    'writes to its input',
    'a raw trace for gradient methods',
    explained('writes_to_input'),
    /explained, without/,
  ],
  ['NaN for every clip', 'an error in the first iteration', explained('nothing'), /refused.*NaN/],
  [
    'traced on a GPU',
    'a list of libtorch’s kernels',
    explained('on_gpu', { device: 'cpu' }),
    /explained.*traced on a GPU/,
  ],
  [
    'a state dict',
    'your checkpoint is corrupted',
    explained('state_dict'),
    /is a state dict.*load_state_dict/,
  ],
  [
    'a training checkpoint',
    'your checkpoint is corrupted',
    explained('checkpoint.pth'),
    /is a training checkpoint/,
  ],
  [
    'a pickled module',
    'your checkpoint is corrupted',
    explained('pickled'),
    /is a pickled Python object.*weights_only=False/,
  ],
  [
    'a program of torch.export',
    'your checkpoint is corrupted',
    explained('exported.pt2'),
    /torch\.export.*torch\.jit\.trace/,
  ],
  [
    'saved after optimize_for_inference',
    'an attribute is undefined',
    explained('optimised'),
    /optimize_for_inference/,
  ],
  [
    'frames and optical flow in one folder',
    'mixed into one clip, no word',
    pictures('flow', [
      ...numbered(4, (i) => `img_${i}.png`),
      ...numbered(4, (i) => `flow_x_${i}.png`),
      ...numbered(4, (i) => `flow_y_${i}.png`),
    ]),
    /refused.*flow_x_.*img_.*frames-pattern/,
  ],
  [
    'the same, --frames-pattern',
    'not to be had',
    pictures('flow', [], { framesPattern: 'img_*.png' }),
    /^4 frames, without/,
  ],
  [
    'frames and masks of one name',
    'mixed into one clip, no word',
    pictures('masks', [...numbered(4, (i) => `${i}.png`), ...numbered(4, (i) => `${i}.webp`)]),
    /refused.*frames-pattern/,
  ],
  [
    'two clips in one folder',
    'mixed into one clip, no word',
    pictures('two', [...numbered(4, (i) => `a_${i}.png`), ...numbered(4, (i) => `b_${i}.png`)]),
    /refused.*a_.*b_.*frames-pattern/,
  ],
  [
    'holes in the numbers',
    'boxes would shift, no word',
    pictures('gap', ['f1.png', 'f2.png', 'f5.png', 'f6.png', 'f7.png']),
    /5 frames, and says.*shift/,
  ],
  [
    'decimals in the names',
    '1.25 came after 1.5',
    pictures('decimals', ['f_1.0.png', 'f_1.25.png', 'f_1.5.png', 'f_10.0.png', 'f_2.0.png']),
    /^5 frames/,
  ],
  [
    'values of pixels that nobody normalised',
    'explained, no word',
    async () => {
      const path = join(folder, 'pixels.npy');
      await writeNpy(path, {
        data: Float32Array.from({ length: 3 * 8 * 32 * 32 }, (_, i) => i % 256),
        shape: [3, 8, 32, 32],
      });
      const input = { ...FIELD_INPUT, mean: [0.45, 0.45, 0.45], std: [0.225, 0.225, 0.225] };
      const { warnings } = await readClip(path, input);
      return { said: 'read', warnings };
    },
    /read, and says: The values go from 0 to 255/,
  ],
  [
    'MP4 that was cut off',
    'two frames fewer with two processors than with one',
    video('cut.mp4', { muxer: faststart }, cutAt(0.6)),
    /^\d+ of 40 frames, and says.*promises 40 frames/,
  ],
  [
    'Matroska that was cut off',
    'no word',
    video('cut.mkv', {}, cutAt(0.5)),
    /^\d+ of 40 frames, and says.*promises/,
  ],
  [
    'Matroska with damage in the middle',
    'no word',
    video('damaged.mkv', {}, overwritten),
    /^\d+ of 40 frames, and says.*(damaged|promises)/,
  ],
  [
    'a whole video',
    'right',
    video('whole.mp4', { muxer: faststart }, (bytes) => bytes),
    /^40 of 40 frames, without/,
  ],
];

const table = [];
for (const [number, [name, before, run, right]] of CASES.entries()) {
  test.serial(`case ${number + 1}: ${name}`, async (t) => {
    const now = await outcome(run);
    t.notRegex(now, /INTERNAL ASSERT|please report|0x[0-9a-f]{6}|corrupted/i);
    t.regex(now, right);
    table.push([name, before, now]);
  });
}

test.serial('decimals are read in the order of their values', async (t) => {
  const program = `
import sys, pathlib
print(" ".join(sorted((p.name for p in pathlib.Path(sys.argv[1]).iterdir()), key=lambda n: float(n[2:-4]))))`;
  const path = join(folder, 'decimals');
  const expected = (await python(program, { args: [path] })).trim().split(' ');
  for (const [i, file] of expected.entries()) {
    await sharp({
      create: { width: 16, height: 12, channels: 3, background: { r: 10 * i, g: 0, b: 0 } },
    }).toFile(join(path, file));
  }
  const { data } = await readFrames(path);
  const firsts = expected.map((_, i) => data[i * 16 * 12 * 3]);
  t.deepEqual(
    firsts,
    expected.map((_, i) => 10 * i),
  );
});

test.after('the table', () => {
  if (!process.env.FEP_WRITE_CASES) return;
  const plain = (text) => text.replaceAll(/\/tmp\/[\w-]+\//g, '').replaceAll('|', '\\|');
  const short = (text) => (text.length > 330 ? `${text.slice(0, 329)}…` : text);
  const rows = table.map((row) => `| ${row.map((cell) => short(plain(cell))).join(' | ')} |`);
  const page = [
    '# What becomes of files as people bring them',
    '',
    'Kinds of models, folders and videos from public bug reports: what version 0.1.0 did before each was mended, and what is done',
    'now, word for word. Made by `FEP_WRITE_CASES=1 npm test test/18.cases.test.mjs`, which builds every input itself and fails',
    'where one is not answered as it should be. Frame numbers of EPIC-Kitchens are in `test/78.datasets.epic-rates.test.mjs`.',
    '',
    '| case | before | now |',
    '| --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
  writeFileSync(fileURLToPath(new URL('../docs/cases.md', import.meta.url)), page);
});
