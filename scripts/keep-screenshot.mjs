// Keeps a screenshot among the pictures of docs/.
import { join } from 'node:path';
import sharp from 'sharp';
import { root } from './run.mjs';

export async function keep(name, png) {
  await sharp(png)
    .webp({ quality: 84 })
    .toFile(join(root, 'docs', `${name}.webp`));
}
