// Ways to spoil good input: bytes, text and JSON values, drawn from a seeded generator.

/** Numbers at which code that counts, allocates or compares tends to go wrong. */
const EDGES = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];

/** Values of a wrong kind, size or nature. */
export const HOSTILE = [
  undefined,
  null,
  true,
  false,
  0,
  -0,
  1,
  -1,
  0.5,
  1e-300,
  1e300,
  2 ** 31,
  2 ** 32,
  2 ** 53,
  -(2 ** 53),
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  12345678901234567890n,
  Symbol('hostile'),
  '',
  ' ',
  '0',
  '-1',
  'NaN',
  '../../../../etc/passwd',
  '/etc/passwd',
  'a\0b',
  '\ud800',
  '<script>',
  '💥',
  '__proto__',
  'constructor',
  'x'.repeat(10_000),
  [],
  {},
  [[]],
  [null],
  { length: -1 },
  { length: 1e9 },
  { toString: 1 },
  Object.create(null),
  new Float32Array(),
  new Float32Array(7),
  new Uint8Array(3),
  new ArrayBuffer(8),
  new Date(Number.NaN),
  () => 1,
  class {},
  /x/,
  new Map(),
  new Set(),
  new Proxy({}, {}),
  Promise.resolve(),
];

const changes = {
  flip(bytes, random) {
    const at = random.integer(bytes.length);
    bytes[at] ^= 1 << random.integer(8);
    return bytes;
  },
  edge(bytes, random) {
    const width = random.pick([1, 2, 4, 8]);
    if (bytes.length < width) return bytes;
    const at = random.integer(bytes.length - width + 1);
    const number = BigInt(random.pick(EDGES));
    for (let i = 0; i < width; i++) {
      const shift = BigInt(8 * (random.integer(2) === 0 ? i : width - 1 - i));
      bytes[at + i] = Number((number >> shift) & 0xffn);
    }
    return bytes;
  },
  cut: (bytes, random) => bytes.subarray(0, random.integer(bytes.length + 1)),
  remove(bytes, random) {
    const [from, to] = range(bytes, random);
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
  },
  repeat(bytes, random) {
    const [from, to] = range(bytes, random);
    const times = random.pick([1, 2, 10, 100]);
    const part = bytes.subarray(from, Math.min(to, from + 1000));
    return Buffer.concat([bytes.subarray(0, to), ...Array(times).fill(part), bytes.subarray(to)]);
  },
  overwrite(bytes, random) {
    const [from, to] = range(bytes, random);
    for (let i = from; i < Math.min(to, from + 16); i++) bytes[i] = random.integer(256);
    return bytes;
  },
  run(bytes, random) {
    const at = random.integer(bytes.length + 1);
    const many = Buffer.alloc(random.pick([10, 1000, 30_000]), random.pick([0, 9, 32, 40, 48, 91, 123, 255]));
    return Buffer.concat([bytes.subarray(0, at), many, bytes.subarray(at)]);
  },
};

function range(bytes, random) {
  const ends = [random.integer(bytes.length + 1), random.integer(bytes.length + 1)];
  return ends.sort((a, b) => a - b);
}

/** A copy of some bytes with one to four changes. */
export function spoilBytes(original, random) {
  let bytes = Buffer.from(original);
  for (let left = 1 + random.integer(4); left > 0 && bytes.length > 0; left--) {
    bytes = changes[random.pick(Object.keys(changes))](bytes, random);
  }
  return bytes;
}

/** The same for a text, into which words that mean something to its reader are put as well. */
export function spoilText(original, words, random) {
  let text = original;
  if (random.integer(2) === 0) {
    const at = random.integer(text.length + 1);
    const gone = random.integer(2) === 0 ? random.integer(12) : 0;
    text = text.slice(0, at) + random.pick(words) + text.slice(at + gone);
    if (random.integer(2) === 0) return text;
  }
  return spoilBytes(Buffer.from(text), random).toString('latin1');
}

/** A copy of a value some part of which is another value, gone, or joined by something unknown. */
export function spoilValue(original, random, hostile = HOSTILE) {
  const copy = structuredClone(original);
  const places = [];
  visit(copy, (holder, key) => places.push([holder, key]));
  if (places.length === 0 || random.integer(20) === 0) return random.pick(hostile);
  for (let left = 1 + random.integer(2); left > 0; left--) {
    const [holder, key] = random.pick(places);
    const what = random.integer(10);
    if (what === 0) delete holder[key];
    else if (what === 1)
      addKey(holder, random.pick(['unknown', '__proto__', '0', 'toString']), random.pick(hostile));
    else if (what === 2) holder[key] = [holder[key], holder[key]];
    else if (what === 3) holder[key] = nested(random.pick([10, 1000]));
    else holder[key] = random.pick(hostile);
  }
  return copy;
}

/** As JSON.parse adds it: a prototype stays what it is. */
function addKey(holder, key, value) {
  Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });
}

function visit(value, found) {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return;
  for (const key of Object.keys(value)) {
    found(value, key);
    visit(value[key], found);
  }
}

function nested(depth) {
  let value = {};
  for (let i = 0; i < depth; i++) value = i % 2 ? [value] : { value };
  return value;
}

/** Values that JSON can hold. */
export const HOSTILE_JSON = HOSTILE.filter((value) => {
  if (value === null || ['string', 'boolean'].includes(typeof value)) return true;
  if (typeof value === 'number') return Number.isFinite(value);
  return (
    typeof value === 'object' && (Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype)
  );
});
