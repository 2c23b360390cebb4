// Runs before `npm pack`: brings everything in the package up to date and removes stale files.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { prebuild } from './prebuild.mjs';
import { main, root } from './run.mjs';
import { setup } from './setup.mjs';

/** The extensions of compiled files, and of their sources. */
const SOURCES = [
  [/\.(d\.ts|js)$/, '.ts'],
  [/\.(d\.mts|mjs)$/, '.mts'],
];

/** Made by Vite; its files have no sources of the same name. */
const VIEWER = join(root, 'dist', 'viewer', '/');

/** Removes compiled files whose source no longer exists. */
function removeStale() {
  for (const entry of readdirSync(join(root, 'dist'), { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath ?? entry.path, entry.name);
    if (!entry.isFile() || path.startsWith(VIEWER)) continue;
    const source = SOURCES.map(([compiled, extension]) =>
      compiled.test(path)
        ? path.replace(join(root, 'dist'), join(root, 'lib')).replace(compiled, extension)
        : '',
    );
    if (!source.some((file) => file !== '' && existsSync(file))) rmSync(path);
  }
}

main(async () => {
  await setup();
  removeStale();
  prebuild();
});
