import { join } from 'node:path';
import { readFrames } from '../dist/clip/readFrames.js';
import { testUnless } from './helpers/testUnless.mjs';

/** Real clips are not ours to pass on: this runs where `FEP_REAL` names a folder that has them. */
const folder = process.env.FEP_REAL;
const real = testUnless(folder ? undefined : 'FEP_REAL names no folder');

for (const [clip, frames] of [
  ['ucf101-24/v_Biking_g01_c01.mp4', 151],
  ['ucf101-24/v_CliffDiving_g03_c01.mp4', 92],
  ['ucf101-24/v_Fencing_g01_c06.mp4', 174],
  ['ucf101-24/v_SoccerJuggling_g23_c01.avi', 240],
  ['other/broken_metadata_cartwheel.avi', 83],
  ['epic-object/cloth-take-P12_06_18977', 16],
])
  real(`${clip} has ${frames} frames`, async (t) => {
    const stack = await readFrames(join(folder, clip), { frames: 16 });
    t.is(stack.sourceFrames, frames);
    t.is(stack.frames, 16);
  });
