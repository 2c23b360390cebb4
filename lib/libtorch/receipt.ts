import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

/** File that an install writes into the libtorch folder. */
export const RECEIPT_FILE = 'fep-libtorch.json';

/** What was installed, from where, and the size of each file. */
export interface Receipt {
  schemaVersion: 1;
  version: string;
  variant: string;
  /** URL or file name of the archive. */
  source: string;
  /** Libraries and CMake files with their sizes in bytes; headers are only counted. */
  files: { path: string; size: number }[];
  headers: { count: number; bytes: number };
}

/** Describes the libtorch in a folder. */
export function makeReceipt(root: string, about: Pick<Receipt, 'version' | 'variant' | 'source'>): Receipt {
  const headers = { count: 0, bytes: 0 };
  const files: Receipt['files'] = [];
  for (const path of filesUnder(root)) {
    const size = statSync(join(root, path)).size;
    if (path.startsWith('include/')) {
      headers.count++;
      headers.bytes += size;
    } else if (path !== RECEIPT_FILE) files.push({ path, size });
  }
  return { schemaVersion: 1, ...about, files, headers };
}

/** How the files in a folder differ from its receipt; undefined if they match or there is no receipt. */
export function receiptProblem(root: string): string | undefined {
  const receipt = readReceipt(root);
  for (const { path, size } of receipt?.files ?? []) {
    const found = statSync(join(root, path), { throwIfNoEntry: false })?.size;
    if (found === undefined) return `${path} is missing`;
    if (found !== size) return `${path} has ${found} bytes, ${size} were installed`;
  }
  return undefined;
}

function readReceipt(root: string): Receipt | undefined {
  try {
    return JSON.parse(readFileSync(join(root, RECEIPT_FILE), 'utf8')) as Receipt;
  } catch {
    return undefined;
  }
}

function filesUnder(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(root, join(entry.parentPath ?? entry.path, entry.name)))
    .sort();
}
