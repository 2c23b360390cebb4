import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { requiredLibraries } from './libraries';
import { libraryProblem } from './libraryProblem';
import { libraryFile, type Machine, THIS_MACHINE } from './machine';
import { isBuiltFor } from './nativeFiles';
import { readLibtorchVersion } from './readVersion';
import { receiptProblem } from './receipt';
import { isSupportedVersion, LIBTORCH_MINOR } from './version';

/** A libtorch on disk. */
export interface Libtorch {
  /** The folder that contains `lib/`, plus `include/` and `share/cmake` if it can be built against. */
  root: string;
  libDir: string;
  /** `2.13.0` */
  version: string;
  /** `cpu`, `cu130`, … */
  variant: string;
}

/** Why a folder is not a usable libtorch. */
export interface Refusal {
  kind: 'absent' | 'incomplete' | 'damaged' | 'version';
  /** Completes the sentence "<path>: …". */
  reason: string;
  version?: string;
  variant?: string;
}

export type Inspection = ({ usable: true } & Libtorch) | ({ usable: false } & Refusal);

/**
 * Inspects a folder without loading anything: its version, and whether all required libraries are present, complete
 * and built for this machine. `path` may also be the folder that an archive was unpacked into.
 */
export function inspectLibtorch(path: string, machine: Machine = THIS_MACHINE): Inspection {
  const root = rootOf(resolve(path));
  if (!existsSync(root)) return refuse('absent', 'does not exist');
  if (!statSync(root).isDirectory()) return refuse('incomplete', 'is a file, not a folder');
  const required = requiredLibraries(machine);
  const missing = required.filter((name) => !existsSync(join(root, 'lib', name)));
  if (missing.length === required.length)
    return refuse('absent', `holds no lib/${libraryFile('torch', machine)}`);
  if (missing.length > 0) return refuse('incomplete', `lib/${missing[0]} is missing`);
  const found = readLibtorchVersion(root, machine);
  if (!found) return refuse('incomplete', 'does not say which version it is (no build-version, no headers)');
  if (!isSupportedVersion(found.version) && !isBuiltFor(found.version)) {
    return { ...refuse('version', `is libtorch ${found.version}, ${LIBTORCH_MINOR}.x is needed`), ...found };
  }
  const damage = damageOf(root, machine);
  if (damage) return { ...refuse('damaged', damage), ...found };
  return { usable: true, root, libDir: join(root, 'lib'), ...found };
}

function damageOf(root: string, machine: Machine): string | undefined {
  for (const name of requiredLibraries(machine)) {
    const problem = libraryProblem(join(root, 'lib', name), machine);
    if (problem) return `lib/${name} ${problem}`;
  }
  return receiptProblem(root);
}

function rootOf(path: string): string {
  const inner = join(path, 'libtorch');
  return !existsSync(join(path, 'lib')) && existsSync(join(inner, 'lib')) ? inner : path;
}

function refuse(kind: Refusal['kind'], reason: string): { usable: false } & Refusal {
  return { usable: false, kind, reason };
}
