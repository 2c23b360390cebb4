import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { formatNpy, parseNpy, readNpy, writeNpy } from '../dist/files/npy.js';

const fixture = (name) => fileURLToPath(new URL(`fixtures/clips/npy/${name}.npy`, import.meta.url));
const count = Array.from({ length: 24 }, (_, i) => i);

for (const dtype of ['float32', 'float64', 'uint8'])
  test(`reads what numpy wrote: ${dtype}`, async (t) => {
    const array = await readNpy(fixture(dtype));
    t.is(array.dtype, dtype);
    t.deepEqual(array.shape, [2, 3, 4]);
    t.deepEqual([...array.data], count);
  });

test('reads what numpy wrote: bool, format 2, a scalar, an empty array', async (t) => {
  const bool = await readNpy(fixture('bool'));
  t.is(bool.dtype, 'bool');
  t.deepEqual(
    [...bool.data],
    count.map((i) => (i % 2 === 0 ? 1 : 0)),
  );
  t.deepEqual([...(await readNpy(fixture('version2'))).data], count);
  const scalar = await readNpy(fixture('scalar'));
  t.deepEqual([scalar.shape, [...scalar.data]], [[], [7]]);
  t.deepEqual((await readNpy(fixture('empty'))).shape, [0, 3]);
});

test('turns Fortran order into C order', async (t) => {
  const array = await readNpy(fixture('fortran'));
  t.deepEqual(array.shape, [2, 3, 4]);
  t.deepEqual([...array.data], count);
});

test('writes byte for byte what numpy writes', async (t) => {
  const { readFile } = await import('node:fs/promises');
  for (const [name, data] of [
    ['float32', Float32Array.from(count)],
    ['float64', Float64Array.from(count)],
    ['uint8', Uint8Array.from(count)],
  ])
    t.true(formatNpy({ data, shape: [2, 3, 4] }).equals(await readFile(fixture(name))), name);
  const even = Uint8Array.from(count, (i) => (i % 2 === 0 ? 1 : 0));
  t.true(formatNpy({ data: even, shape: [2, 3, 4], dtype: 'bool' }).equals(await readFile(fixture('bool'))));
});

test('writes whole files only', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'fep-npy-'));
  t.teardown(() => rm(folder, { recursive: true }));
  await writeNpy(join(folder, 'new', 'mask.npy'), { data: new Float32Array([1, 2]), shape: [2] });
  t.deepEqual(await readdir(join(folder, 'new')), ['mask.npy']);
  const error = await t.throwsAsync(writeNpy(folder, { data: new Float32Array(1), shape: [1] }));
  t.is(error.code, 'FEP_IO');
  t.deepEqual(await readdir(folder), ['new']);
});

test('refuses a shape that the data does not have', (t) => {
  t.is(t.throws(() => formatNpy({ data: new Uint8Array(5), shape: [2, 3] })).code, 'FEP_SHAPE');
});

test('refuses other types by name', async (t) => {
  for (const [name, descr] of [
    ['int64', '<i8'],
    ['big-endian', '>f4'],
  ]) {
    const error = await t.throwsAsync(readNpy(fixture(name)));
    t.is(error.code, 'FEP_IO');
    t.true(error.message.includes(descr), error.message);
  }
});

test('refuses damaged and hostile files without allocating for them', (t) => {
  const good = formatNpy({ data: Float32Array.from(count), shape: [2, 3, 4] });
  const withShape = (shape) => Buffer.from(good.toString('latin1').replace('(2, 3, 4)', shape), 'latin1');
  const longHeader = Buffer.from(good);
  longHeader.writeUInt16LE(65_535, 8);
  const hugeHeader = Buffer.from(good);
  hugeHeader[6] = 2;
  hugeHeader.writeUInt32LE(0xffff_ffff, 8);
  const damaged = {
    empty: Buffer.alloc(0),
    'not npy': Buffer.from('this is some text, not an array'),
    'cut header': good.subarray(0, 40),
    'cut data': good.subarray(0, good.length - 1),
    'header past the end': longHeader,
    'huge header': hugeHeader,
    'huge shape': withShape('(99999999999, 99999999999)'),
    'overflowing shape': withShape('(4294967296, 4294967296, 4)'),
    'negative shape': withShape('(-2, 3, 4)'),
    'no shape': withShape('None'),
    'unknown version': Buffer.concat([good.subarray(0, 6), Buffer.from([9]), good.subarray(7)]),
  };
  for (const [name, bytes] of Object.entries(damaged))
    t.is(t.throws(() => parseNpy(bytes), undefined, name)?.code, 'FEP_IO', name);
});

test('parses an array at an odd offset', (t) => {
  const good = formatNpy({ data: Float64Array.from(count), shape: [24] });
  const shifted = Buffer.concat([Buffer.from([0]), good]).subarray(1);
  t.deepEqual([...parseNpy(shifted).data], count);
});

test('a missing file is an FepError', async (t) => {
  t.is((await t.throwsAsync(readNpy(fixture('missing')))).code, 'FEP_IO');
});
