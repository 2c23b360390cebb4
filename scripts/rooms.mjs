// Part of npm run lint: no folder of lib/ imports another that imports it, directly or by way of others. Biome sees to the
// files themselves (noImportCycles).
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { Failure, filesUnder, main, root } from './run.mjs';

const IMPORT = /(?:from|import)\s*\(?\s*'(\.[^']+)'/g;
const lib = join(root, 'lib');

/** The folder of lib/ that a file lies in; undefined for the package's entry points, which are no room. */
function roomOf(path) {
  const [room, ...rest] = relative(lib, path).split('/');
  return rest.length > 0 && room !== '..' ? room : undefined;
}

/** For each room the rooms that it imports, each with a file that does so. */
function importsOfRooms() {
  const rooms = new Map();
  for (const file of filesUnder('lib').filter((name) => /\.[mc]?tsx?$/.test(name))) {
    const from = roomOf(join(root, file));
    if (from === undefined) continue;
    if (!rooms.has(from)) rooms.set(from, new Map());
    for (const [, specifier] of readFileSync(join(root, file), 'utf8').matchAll(IMPORT)) {
      const target = resolve(dirname(join(root, file)), specifier);
      const to = existsSync(dirname(target)) ? roomOf(target) : undefined;
      if (to !== undefined && to !== from) rooms.get(from).set(to, file);
    }
  }
  return rooms;
}

/** A way from a room back to itself, as rooms; undefined where there is none. */
function cycleFrom(start, rooms) {
  const ways = [[start]];
  const seen = new Set();
  for (const way of ways) {
    for (const next of rooms.get(way.at(-1))?.keys() ?? []) {
      if (next === start) return [...way, next];
      if (!seen.has(next)) ways.push([...way, next]);
      seen.add(next);
    }
  }
  return undefined;
}

main(async () => {
  const rooms = importsOfRooms();
  if (rooms.size < 2) throw new Failure('There are no rooms in lib/ to look at.');
  for (const room of rooms.keys()) {
    const cycle = cycleFrom(room, rooms);
    if (!cycle) continue;
    const steps = cycle.slice(1).map((to, i) => `  ${cycle[i]} → ${to}: ${rooms.get(cycle[i]).get(to)}`);
    throw new Failure(`Folders of lib/ import each other in a circle:\n${steps.join('\n')}`);
  }
});
