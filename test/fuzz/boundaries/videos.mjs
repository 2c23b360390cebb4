// Bytes of videos, animations and pictures.
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readFrames } from 'fep-native';
import { spoilBytes } from '../mutate.mjs';

const fixtures = fileURLToPath(new URL('../../fixtures/clips', import.meta.url));
const CLIP = /\.(mp4|mkv|avi|mpg|gif|webp|bmp|m4a)$/;
const seeds = readdirSync(fixtures)
  .filter((name) => CLIP.test(name) && statSync(join(fixtures, name)).size < 60_000)
  .map((name) => ({ extension: extname(name), bytes: readFileSync(join(fixtures, name)) }));

export default (folder) => async (random) => {
  const { extension, bytes } = random.pick(seeds);
  const path = join(folder, `clip${extension}`);
  writeFileSync(path, spoilBytes(bytes, random));
  try {
    return await readFrames(path, { frames: 2, sampling: { type: 'uniform' } });
  } finally {
    rmSync(path);
  }
};
