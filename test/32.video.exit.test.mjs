import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';

/** Runs a program that exits with code 7 while a job of the video thread is under way. */
const exitDuring = (job, milliseconds) => {
  const url = (path) => JSON.stringify(new URL(`../dist/${path}`, import.meta.url).href);
  const program = `
    import video from ${url('video/writeVideo.js')};
    import clip from ${url('clip/readFrames.js')};
    ${job}`.replaceAll('EXIT', `setTimeout(() => process.exit(7), ${milliseconds});`);
  return spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    timeout: 20_000,
    encoding: 'utf8',
  });
};

test('an exit in the middle of a job is a clean one', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'fep-exit-'));
  t.teardown(() => rm(folder, { recursive: true }));
  const path = JSON.stringify(join(folder, 'clip.mp4'));
  const write = `video.writeVideo(${path}, new Uint8Array(100 * 240 * 320 * 3), { height: 240, width: 320 })`;
  for (const milliseconds of [50, 150, 250]) {
    const { status, stderr } = exitDuring(`EXIT for (;;) await ${write};`, milliseconds);
    t.is(status, 7, stderr);
  }
  t.deepEqual(
    (await readdir(folder)).filter((name) => name !== 'clip.mp4'),
    [],
  );
  for (const milliseconds of [0, 20, 60]) {
    const { status, stderr } = exitDuring(
      `await ${write}; EXIT for (;;) await clip.readFrames(${path});`,
      milliseconds,
    );
    t.is(status, 7, stderr);
  }
});

test('an idle video thread keeps no process alive', (t) => {
  const { status, error } = exitDuring(
    `await clip.readFrames(${JSON.stringify(new URL('fixtures/clips/exact.mkv', import.meta.url).pathname)});`,
    0,
  );
  t.is(error, undefined);
  t.is(status, 0);
});
