import { promisify } from 'node:util';
import yauzl from 'yauzl';
import { FepError, messageOf } from '../errors';

const openZip = promisify<string, yauzl.Options, yauzl.ZipFile>(yauzl.open);

/**
 * One file out of a TorchScript archive, which is a zip.
 *
 * @param wanted tells the entry by its name
 * @param mostBytes an entry that is larger is refused
 * @returns undefined when no entry is wanted
 * @throws FepError `FEP_MODEL_LOAD` when the file is not a whole zip archive
 */
export async function readArchiveEntry(
  path: string,
  wanted: (name: string) => boolean,
  mostBytes: number,
): Promise<Buffer | undefined> {
  let zip: yauzl.ZipFile | undefined;
  try {
    zip = await openZip(path, { lazyEntries: true, autoClose: false });
    const entry = await findEntry(zip, wanted);
    if (entry === undefined) return undefined;
    if (entry.uncompressedSize > mostBytes) throw new Error(`${entry.fileName} is too large`);
    return await readEntry(zip, entry);
  } catch (error) {
    throw new FepError(
      'FEP_MODEL_LOAD',
      `${path} is not a TorchScript archive, or it is damaged: ${messageOf(error)}.`,
      {
        cause: error,
        hint: 'Save the model with torch.jit.save (a state dict or torch.save file will not do); if it was copied, copy it again.',
      },
    );
  } finally {
    zip?.close();
  }
}

function findEntry(zip: yauzl.ZipFile, wanted: (name: string) => boolean): Promise<yauzl.Entry | undefined> {
  return new Promise((resolve, reject) => {
    zip.on('entry', (entry: yauzl.Entry) => (wanted(entry.fileName) ? resolve(entry) : zip.readEntry()));
    zip.once('end', () => resolve(undefined));
    zip.once('error', reject);
    zip.readEntry();
  });
}

async function readEntry(zip: yauzl.ZipFile, entry: yauzl.Entry): Promise<Buffer> {
  const open = promisify<yauzl.Entry, NodeJS.ReadableStream>(zip.openReadStream.bind(zip));
  const chunks: Buffer[] = [];
  for await (const chunk of await open(entry)) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
