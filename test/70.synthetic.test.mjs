import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import test from 'ava';
import synthetic from '../dist/datasets/synthetic/index.js';
import errors from '../dist/errors/fepError.js';

const { FepError } = errors;
const { DIFFICULTIES, labelOf, SYNTHETIC_CLASSES, synthesize, syntheticClips, writeClips } = synthetic;

const PIPE = fileURLToPath(new URL('../dist/datasets/synthetic/pipe.js', import.meta.url));
const small = { frames: 8, height: 48, width: 48 };
const digest = (bytes) => createHash('sha256').update(bytes).digest('hex');

/** Centre of a box, pixels. */
const centre = (box) => ({ x: box.x + box.width / 2, y: box.y + box.height / 2 });

/** The clips of one class among the first `count` of a set. */
function clipsOf(className, count, options = {}) {
  const label = SYNTHETIC_CLASSES.indexOf(className);
  const step = SYNTHETIC_CLASSES.length;
  return Array.from({ length: count }, (_, i) =>
    synthesize({ seed: 5, index: label + step * i, ...options }),
  );
}

test('the default clip has 16 frames of 112×112 and everything that belongs to it', (t) => {
  const clip = synthesize({ seed: 1, index: 13 });
  t.like(clip, { seed: 1, index: 13, label: 3, className: 'down', frames: 16, height: 112, width: 112 });
  t.is(clip.rgb.length, 16 * 112 * 112 * 3);
  t.is(clip.mask.length, 16 * 112 * 112);
  t.is(clip.boxes.length, 16);
});

test('the same options give the same bytes, whatever was made before', (t) => {
  const first = synthesize({ seed: 9, index: 4, ...small });
  synthesize({ seed: 9, index: 5, ...small });
  const again = synthesize({ seed: 9, index: 4, ...small });
  t.deepEqual(again, first);
});

test('another seed and another index give another clip', (t) => {
  const made = [
    [9, 4],
    [9, 14],
    [10, 4],
    [4, 9],
  ].map(([seed, index]) => digest(synthesize({ seed, index, ...small }).rgb));
  t.is(new Set(made).size, made.length);
});

test('there are at least eight classes and they take turns', (t) => {
  t.true(SYNTHETIC_CLASSES.length >= 8);
  const counts = new Array(SYNTHETIC_CLASSES.length).fill(0);
  for (let index = 0; index < 7 * SYNTHETIC_CLASSES.length; index++) counts[labelOf(index)]++;
  t.deepEqual(new Set(counts), new Set([7]));
  for (const index of [0, 3, 17, 4294967295]) {
    const clip = synthesize({ seed: 1, index, ...small });
    t.is(clip.label, labelOf(index));
    t.is(clip.className, SYNTHETIC_CLASSES[clip.label]);
  }
});

test('each box is the tight box of the mask of its frame', (t) => {
  for (const clip of syntheticClips({ seed: 2, count: 20, difficulty: 'hard' })) {
    for (let frame = 0; frame < clip.frames; frame++) {
      const rows = [];
      const columns = [];
      for (let y = 0; y < clip.height; y++) {
        for (let x = 0; x < clip.width; x++) {
          const value = clip.mask[(frame * clip.height + y) * clip.width + x];
          if (value === 1) {
            rows.push(y);
            columns.push(x);
          } else if (value !== 0) t.fail('a mask holds 0 and 1 only');
        }
      }
      const x = Math.min(...columns);
      const y = Math.min(...rows);
      t.deepEqual(clip.boxes[frame], {
        x,
        y,
        width: Math.max(...columns) - x + 1,
        height: Math.max(...rows) - y + 1,
      });
    }
  }
});

test('brief: the actor of the standard clip, to be seen in one stretch of 40 to 60 % of the frames', (t) => {
  const starts = new Set();
  for (let index = 0; index < 20; index++) {
    const options = { seed: 2, index, frames: 20, height: 64, width: 64 };
    const [brief, whole] = [synthesize({ ...options, difficulty: 'brief' }), synthesize(options)];
    const without = synthesize({ ...options, actor: false });
    const seen = brief.boxes.map((box) => box !== null);
    const [first, end] = [seen.indexOf(true), seen.lastIndexOf(true) + 1];
    t.true(end - first >= 8 && end - first <= 12, `${end - first} of 20`);
    starts.add(first);
    const bytes = 64 * 64 * 3;
    for (let frame = 0; frame < 20; frame++) {
      const shown = frame >= first && frame < end;
      t.is(seen[frame], shown);
      const same = (shown ? whole : without).rgb.subarray(frame * bytes, (frame + 1) * bytes);
      t.is(Buffer.compare(brief.rgb.subarray(frame * bytes, (frame + 1) * bytes), same), 0);
    }
  }
  t.true(starts.size > 5, 'it is seen at different times');
});

test('the mask is what the actor is drawn on: nothing else differs from the clip without it', (t) => {
  for (const index of [0, 4, 6, 9]) {
    const options = { seed: 3, index, contrast: 1 };
    const clip = synthesize(options);
    const empty = synthesize({ ...options, actor: false });
    t.true(empty.mask.every((value) => value === 0));
    t.true(empty.boxes.every((box) => box === null));
    let changedOutside = 0;
    let changedInside = 0;
    let inside = 0;
    const pixels = clip.height * clip.width;
    for (let i = 0; i < clip.mask.length; i++) {
      const changed = [0, 1, 2].some((c) => clip.rgb[3 * i + c] !== empty.rgb[3 * i + c]);
      if (clip.mask[i] === 1) {
        inside++;
        if (changed) changedInside++;
      } else if (changed) {
        changedOutside++;
        // The edge is one pixel soft: a changed pixel outside has a masked one in its neighbourhood.
        const frame = Math.floor(i / pixels);
        const y = Math.floor((i % pixels) / clip.width);
        const x = i % clip.width;
        let near = false;
        for (let v = Math.max(0, y - 2); v <= Math.min(clip.height - 1, y + 2); v++) {
          for (let u = Math.max(0, x - 2); u <= Math.min(clip.width - 1, x + 2); u++) {
            near ||= clip.mask[(frame * clip.height + v) * clip.width + u] === 1;
          }
        }
        if (!near) t.fail(`frame ${frame}: pixel ${x}, ${y} is drawn on but far from the mask`);
      }
    }
    t.true(changedInside > 0.97 * inside);
    t.true(changedOutside < 0.35 * inside);
  }
});

test('the actor stays in the frame for the most part', (t) => {
  for (const difficulty of Object.keys(DIFFICULTIES)) {
    for (const clip of syntheticClips({ seed: 4, count: 40, difficulty })) {
      for (const box of clip.boxes) {
        if (box === null && difficulty === 'brief') continue;
        t.truthy(box);
        const middle = centre(box);
        t.true(middle.x > 0 && middle.x < clip.width && middle.y > 0 && middle.y < clip.height);
      }
    }
  }
});

test('straight motions go where their name says', (t) => {
  for (const [name, axis, sign] of [
    ['left', 'x', -1],
    ['right', 'x', 1],
    ['up', 'y', -1],
    ['down', 'y', 1],
  ]) {
    for (const clip of clipsOf(name, 8)) {
      const way = centre(clip.boxes.at(-1))[axis] - centre(clip.boxes[0])[axis];
      t.true(sign * way > 0.25 * clip.height, `${name} went ${way} pixels`);
    }
  }
});

test('circles turn in the sense of their name', (t) => {
  for (const [name, sign] of [
    ['clockwise', 1],
    ['counter-clockwise', -1],
  ]) {
    for (const clip of clipsOf(name, 8)) {
      const path = clip.boxes.map(centre);
      // With y down, a positive cross product of consecutive steps is a clockwise turn.
      let turning = 0;
      for (let i = 2; i < path.length; i++) {
        const [a, b, c] = [path[i - 2], path[i - 1], path[i]];
        turning += Math.sign((b.x - a.x) * (c.y - b.y) - (b.y - a.y) * (c.x - b.x));
      }
      t.true(sign * turning > 5, `${name} turned ${turning} times`);
    }
  }
});

test('growing, shrinking and swinging do what their names say', (t) => {
  const area = (box) => box.width * box.height;
  for (const clip of clipsOf('grow', 8)) t.true(area(clip.boxes.at(-1)) > 1.8 * area(clip.boxes[0]));
  for (const clip of clipsOf('shrink', 8)) t.true(area(clip.boxes[0]) > 1.8 * area(clip.boxes.at(-1)));
  const extent = (clip, axis) => {
    const places = clip.boxes.map((box) => centre(box)[axis]);
    return Math.max(...places) - Math.min(...places);
  };
  for (const clip of clipsOf('sway', 8)) t.true(extent(clip, 'x') > 2 * extent(clip, 'y'));
  for (const clip of clipsOf('bounce', 8)) t.true(extent(clip, 'y') > 2 * extent(clip, 'x'));
});

test('without distractors, drift and actor nothing moves and nothing stands in front', (t) => {
  const still = synthesize({ seed: 6, index: 2, actor: false, distractors: 0, drift: 0 });
  const frame = still.height * still.width * 3;
  for (let i = 1; i < still.frames; i++) {
    t.is(digest(still.rgb.subarray(i * frame, (i + 1) * frame)), digest(still.rgb.subarray(0, frame)));
  }
  // A distractor changes what the frame shows; the background beneath is the same.
  const crowded = synthesize({ seed: 6, index: 2, actor: false, distractors: 2, drift: 0 });
  let same = 0;
  for (let i = 0; i < still.rgb.length; i++) if (still.rgb[i] === crowded.rgb[i]) same++;
  t.true(same > 0.6 * still.rgb.length && same < still.rgb.length);
});

test('contrast is the opacity of the figures', (t) => {
  const options = { seed: 8, index: 1, ...small, distractors: 0, drift: 0 };
  const difference = (contrast) => {
    const clip = synthesize({ ...options, contrast });
    const empty = synthesize({ ...options, actor: false });
    let sum = 0;
    for (let i = 0; i < clip.rgb.length; i++) sum += Math.abs(clip.rgb[i] - empty.rgb[i]);
    return sum;
  };
  const ratio = difference(0.5) / difference(1);
  t.true(Math.abs(ratio - 0.5) < 0.02, `${ratio}`);
});

test("the background's amplitude spectrum falls off like 1/f", (t) => {
  const slopes = [];
  for (let index = 0; index < 12; index++) {
    const clip = synthesize({ seed: 11, index, frames: 1, actor: false, distractors: 0 });
    slopes.push(spectralSlope(clip.rgb, clip.height));
  }
  const mean = slopes.reduce((sum, slope) => sum + slope, 0) / slopes.length;
  t.log(`slope of log amplitude over log frequency, 3 to 28 cycles per frame: ${mean.toFixed(3)}`);
  t.true(mean > -1.25 && mean < -0.85, `${mean}`);
});

test('colours, shapes and places of the actor tell nothing about the class', (t) => {
  // The same look would be drawn for any class: means over many clips agree within the scatter.
  const means = SYNTHETIC_CLASSES.map((name) => {
    const clips = clipsOf(name, 24, { frames: 3, height: 32, width: 32, contrast: 1 });
    const values = clips.map((clip) => {
      let sum = 0;
      let count = 0;
      for (let i = 0; i < clip.mask.length; i++) {
        if (clip.mask[i] === 0) continue;
        sum += clip.rgb[3 * i] + clip.rgb[3 * i + 1] + clip.rgb[3 * i + 2];
        count += 3;
      }
      return sum / count;
    });
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / (values.length - 1);
    return { mean, error: Math.sqrt(variance / values.length) };
  });
  const grand = means.reduce((a, b) => a + b.mean, 0) / means.length;
  for (const { mean, error } of means) t.true(Math.abs(mean - grand) < 4 * error);
});

test('other sizes, one frame and odd shapes work', (t) => {
  for (const size of [
    { frames: 1, height: 16, width: 16 },
    { frames: 3, height: 33, width: 80 },
    { frames: 5, height: 130, width: 65 },
  ]) {
    const clip = synthesize({ seed: 1, index: 6, ...size });
    t.is(clip.rgb.length, size.frames * size.height * size.width * 3);
    t.true(clip.boxes.every((box) => box !== null));
  }
});

test('what is out of range is refused by name', (t) => {
  for (const [wrong, name] of [
    [{ seed: -1 }, 'seed'],
    [{ index: 1.5 }, 'index'],
    [{ frames: 0 }, 'frames'],
    [{ height: 8 }, 'height'],
    [{ width: Number.NaN }, 'width'],
    [{ contrast: 0 }, 'contrast'],
    [{ distractors: -1 }, 'distractors'],
    [{ actorSize: [0.4, 0.2] }, 'actorSize'],
    [{ speed: [0, 1] }, 'speed'],
    [{ drift: 2 }, 'drift'],
    [{ difficulty: 'impossible' }, 'difficulty'],
    [{ colour: 'red' }, 'colour'],
  ]) {
    const error = t.throws(() => synthesize({ seed: 1, index: 0, ...wrong }), { instanceOf: FepError });
    t.is(error.code, 'FEP_USAGE');
    t.true(error.message.includes(name), error.message);
    t.truthy(error.hint);
  }
});

test('a count that is no number of clips is refused', (t) => {
  for (const count of [-1, 0.5, Number.NaN]) {
    const error = t.throws(() => [...syntheticClips({ seed: 1, count, ...small })], { instanceOf: FepError });
    t.is(error.code, 'FEP_USAGE');
  }
  t.deepEqual([...syntheticClips({ seed: 1, count: 0, ...small })], []);
});

test('the binary form holds what synthesize gives', async (t) => {
  const chunks = [];
  const sink = new Writable({
    write(chunk, _encoding, done) {
      chunks.push(chunk);
      done();
    },
  });
  await writeClips({ seed: 3, start: 7, count: 2, ...small }, sink);
  const bytes = Buffer.concat(chunks);
  t.is(bytes.toString('latin1', 0, 4), 'FEPS');
  t.deepEqual(
    [4, 6, 8, 10, 12].map((at) => bytes.readUInt16LE(at)),
    [1, SYNTHETIC_CLASSES.length, 8, 48, 48],
  );
  const pixels = 8 * 48 * 48 * 3;
  const record = 8 + 8 * 8 + pixels;
  t.is(bytes.length, 16 + 2 * record);
  for (const [i, index] of [7, 8].entries()) {
    const clip = synthesize({ seed: 3, index, ...small });
    const at = 16 + i * record;
    t.is(bytes.readUInt32LE(at), index);
    t.is(bytes.readUInt32LE(at + 4), clip.label);
    const box = [0, 2, 4, 6].map((offset) => bytes.readInt16LE(at + 8 + 8 * 3 + offset));
    const { x, y, width, height } = clip.boxes[3];
    t.deepEqual(box, [x, y, width, height]);
    t.is(digest(bytes.subarray(at + record - pixels, at + record)), digest(clip.rgb));
  }
});

test('the pipe program writes the same form, and refuses wrong options with exit code 2', async (t) => {
  const run = promisify(execFile);
  const size = ['--frames', '2', '--height', '16', '--width', '16'];
  const { stdout } = await run('node', [PIPE, '--seed', '3', '--count', '3', ...size], {
    encoding: 'buffer',
  });
  t.is(stdout.length, 16 + 3 * (8 + 2 * 8 + 2 * 16 * 16 * 3));
  const failure = await t.throwsAsync(run('node', [PIPE, '--frames', '0']));
  t.is(failure.code, 2);
  t.true(failure.stderr.includes('frames'));
});

/**
 * Slope of the log amplitude spectrum of one frame's brightness over log frequency, averaged over directions,
 * fitted between 3 and 28 cycles per frame. A Hann window keeps the frame's edges from adding detail.
 */
function spectralSlope(rgb, size) {
  const window = Float64Array.from(
    { length: size },
    (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (i + 0.5)) / size),
  );
  const grey = new Float64Array(size * size);
  for (let i = 0; i < grey.length; i++) grey[i] = rgb[3 * i] + rgb[3 * i + 1] + rgb[3 * i + 2];
  const mean = grey.reduce((sum, value) => sum + value, 0) / grey.length;
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      grey[y * size + x] = (grey[y * size + x] - mean) * window[x] * window[y];
    }
  }
  const highest = 28;
  const cos = Float64Array.from({ length: size }, (_, i) => Math.cos((2 * Math.PI * i) / size));
  const sin = Float64Array.from({ length: size }, (_, i) => Math.sin((2 * Math.PI * i) / size));
  const power = new Float64Array(highest + 1);
  const count = new Float64Array(highest + 1);
  for (let fx = 0; fx <= highest; fx++) {
    const re = new Float64Array(size);
    const im = new Float64Array(size);
    for (let y = 0; y < size; y++) {
      for (let x = 0; x < size; x++) {
        const k = (fx * x) % size;
        re[y] += grey[y * size + x] * cos[k];
        im[y] -= grey[y * size + x] * sin[k];
      }
    }
    for (let fy = -highest; fy <= highest; fy++) {
      const ring = Math.round(Math.hypot(fx, fy));
      if (ring > highest) continue;
      let a = 0;
      let b = 0;
      for (let y = 0; y < size; y++) {
        const k = (((fy * y) % size) + size) % size;
        a += re[y] * cos[k] + im[y] * sin[k];
        b += im[y] * cos[k] - re[y] * sin[k];
      }
      power[ring] += a * a + b * b;
      count[ring]++;
    }
  }
  const points = [];
  for (let ring = 3; ring <= highest; ring++) {
    points.push([Math.log(ring), 0.5 * Math.log(power[ring] / count[ring])]);
  }
  const mx = points.reduce((sum, [x]) => sum + x, 0) / points.length;
  const my = points.reduce((sum, [, y]) => sum + y, 0) / points.length;
  const top = points.reduce((sum, [x, y]) => sum + (x - mx) * (y - my), 0);
  return top / points.reduce((sum, [x]) => sum + (x - mx) ** 2, 0);
}
