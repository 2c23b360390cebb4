// Made-up libtorches: folders and archives that look whole without weighing half a gigabyte.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';

/** A folder that goes away with the test. */
export function temporaryFolder(t) {
  const folder = mkdtempSync(join(tmpdir(), 'fep-test-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A shared library's header, with `size` bytes of which the last section ends at `needs`. */
export function fakeLibrary({
  size = 256,
  needs = size,
  machine = process.arch === 'arm64' ? 183 : 62,
} = {}) {
  const bytes = Buffer.alloc(size);
  bytes.write('\x7fELF\x02\x01\x01', 'latin1');
  bytes.writeUInt16LE(3, 16); // shared object
  bytes.writeUInt16LE(machine, 18);
  bytes.writeBigUInt64LE(BigInt(needs - 64), 40); // one section header of 64 bytes, at the end
  bytes.writeUInt16LE(64, 58);
  bytes.writeUInt16LE(1, 60);
  return bytes;
}

/** The files of a small libtorch, by path below its root. */
export function fakeFiles(version = '2.13.0+cpu') {
  return {
    'build-version': `${version}\n`,
    'lib/libc10.so': fakeLibrary(),
    'lib/libtorch_cpu.so': fakeLibrary({ size: 70_000 }),
    'lib/libtorch.so': fakeLibrary(),
    'include/torch/torch.h': '#pragma once\n',
    'share/cmake/Torch/TorchConfig.cmake': '# torch\n',
  };
}

/** Writes files below a folder and returns the folder. */
export function writeTree(root, files) {
  for (const [path, contents] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), contents);
  }
  return root;
}

/** The files of an official archive: everything below `libtorch/`. */
export function officialArchive(version) {
  return below('libtorch/', fakeFiles(version));
}

/** The files of a Python wheel. */
export function wheel({ version = '2.13.0+cpu', cuda } = {}) {
  const { 'build-version': _, ...files } = fakeFiles(version);
  return {
    ...below('torch/', files),
    'torch/version.py': `__version__ = '${version}'\ncuda: Optional[str] = ${cuda ? `'${cuda}'` : 'None'}\n`,
    'torch/lib/libtorch_python.so': fakeLibrary(),
    'torch/nn/functional.py': 'pass\n',
  };
}

/** A zip file with these entries. A value may be `{ data, mode, crc }` to be odd on purpose. */
export function zip(files) {
  const entries = Object.entries(files).map(([name, file]) => entryOf(name, file));
  const locals = [];
  const central = [];
  let offset = 0;
  for (const entry of entries) {
    const local = Buffer.concat([header(0x04034b50, entry), entry.name, entry.packed]);
    locals.push(local);
    central.push(centralHeader(entry, offset), entry.name);
    offset += local.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}

function below(prefix, files) {
  return Object.fromEntries(Object.entries(files).map(([path, contents]) => [prefix + path, contents]));
}

function entryOf(name, file) {
  const odd = file.data === undefined ? { data: file } : file;
  const data = Buffer.from(odd.data);
  const packed = deflateRawSync(data);
  return { name: Buffer.from(name), data, packed, crc: odd.crc ?? crc32(data), mode: odd.mode ?? 0o100644 };
}

/** The fields that a local and a central header share, at the local header's places. */
function header(signature, { name, data, packed, crc }) {
  const bytes = Buffer.alloc(30);
  bytes.writeUInt32LE(signature, 0);
  bytes.writeUInt16LE(20, 4);
  bytes.writeUInt16LE(0x0800, 6); // names are UTF-8
  bytes.writeUInt16LE(8, 8); // deflate
  bytes.writeUInt32LE(crc, 14);
  bytes.writeUInt32LE(packed.length, 18);
  bytes.writeUInt32LE(data.length, 22);
  bytes.writeUInt16LE(name.length, 26);
  return bytes;
}

function centralHeader(entry, offset) {
  const bytes = Buffer.alloc(46);
  bytes.writeUInt32LE(0x02014b50, 0);
  bytes.writeUInt16LE((3 << 8) | 20, 4); // made on Unix: the mode is in the attributes
  header(0, entry).copy(bytes, 6, 4);
  bytes.writeUInt32LE((entry.mode << 16) >>> 0, 38);
  bytes.writeUInt32LE(offset, 42);
  return bytes;
}
