// Before `npm pack`: everything that the package holds is built, up to date, and nothing else lies among it.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { prebuild } from './prebuild.mjs';
import { main, root } from './run.mjs';
import { setup } from './setup.mjs';

/** The sources that a compiled file may come from. */
const SOURCES = [
  [/\.(d\.ts|js)$/, '.ts'],
  [/\.(d\.mts|mjs)$/, '.mts'],
];

/** What Vite makes: it has no sources of the same name. */
const VIEWER = join(root, 'dist', 'viewer', '/');

/** Removes what the compiler left of sources that are no longer there. */
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
