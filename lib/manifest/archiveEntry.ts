import { promisify } from 'node:util';
import yauzl from 'yauzl';
import { FepError, messageOf } from '../errors/fepError';

const openZip = promisify<string, yauzl.Options, yauzl.ZipFile>(yauzl.open);

/** Size limit of an entry that is read into memory. */
const MAX_BYTES = 1 << 26;

/** The entries of an open zip archive. */
export interface ArchiveReader {
  names: string[];
  /** The content of the entry with this name. */
  read(name: string): Promise<Buffer>;
}

/**
 * Opens a zip archive, such as a TorchScript file, while `use` runs.
 *
 * @throws FepError `FEP_MODEL_LOAD` when the file is not a complete zip archive
 */
export async function readArchive<Result>(
  path: string,
  use: (archive: ArchiveReader) => Promise<Result>,
): Promise<Result> {
  let zip: yauzl.ZipFile | undefined;
  try {
    zip = await openZip(path, { lazyEntries: true, autoClose: false });
    const entries = await entriesOf(zip);
    const opened = zip;
    const read = (name: string) => readEntry(opened, entries.get(name)!, MAX_BYTES);
    return await use({ names: [...entries.keys()], read });
  } catch (error) {
    throw damaged(path, error);
  } finally {
    zip?.close();
  }
}

/**
 * Reads one file of a TorchScript archive.
 *
 * @param wanted whether an entry, given by name, is the one to read
 * @param maxBytes a larger entry is refused
 * @returns undefined when no entry matches
 * @throws FepError `FEP_MODEL_LOAD` when the file is not a complete zip archive
 */
export function readArchiveEntry(
  path: string,
  wanted: (name: string) => boolean,
  maxBytes: number,
): Promise<Buffer | undefined> {
  return readArchive(path, async ({ names, read }) => {
    const name = names.find(wanted);
    if (name === undefined) return undefined;
    const content = await read(name);
    if (content.length > maxBytes) throw new Error(`${name} is too large`);
    return content;
  });
}

function damaged(path: string, error: unknown): FepError {
  return new FepError(
    'FEP_MODEL_LOAD',
    `${path} is not a TorchScript archive, or it is damaged: ${messageOf(error)}.`,
    {
      cause: error,
      hint: 'Save the model with torch.jit.save (a state dict or torch.save file will not do); if it was copied, copy it again.',
    },
  );
}

function entriesOf(zip: yauzl.ZipFile): Promise<Map<string, yauzl.Entry>> {
  const entries = new Map<string, yauzl.Entry>();
  return new Promise((resolve, reject) => {
    zip.on('entry', (entry: yauzl.Entry) => {
      entries.set(entry.fileName, entry);
      zip.readEntry();
    });
    zip.once('end', () => resolve(entries));
    zip.once('error', reject);
    zip.readEntry();
  });
}

async function readEntry(zip: yauzl.ZipFile, entry: yauzl.Entry, maxBytes: number): Promise<Buffer> {
  if (entry.uncompressedSize > maxBytes) throw new Error(`${entry.fileName} is too large`);
  const open = promisify<yauzl.Entry, NodeJS.ReadableStream>(zip.openReadStream.bind(zip));
  const chunks: Buffer[] = [];
  for await (const chunk of await open(entry)) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
