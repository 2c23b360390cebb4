import { readFile } from 'node:fs/promises';
import { NameRegistry, Parser } from 'pickleparser';
import { messageOf } from '../../errors/fepError';
import { datasetError } from '../problems';
import { Dtype, numpyScalar, PickledArray } from './numpy';

/**
 * Reads a Python pickle of dictionaries (as `Map`s), lists, numbers, text and NumPy arrays.
 *
 * No code from the file is executed: a pickle names the callables that it needs, and all are rejected except four
 * of NumPy, which have stand-ins here.
 *
 * @throws FepError `FEP_DATASET`
 */
export async function readPickle(path: string): Promise<unknown> {
  try {
    const nameResolver = new NumpyNames();
    return new Parser({ nameResolver, unpicklingTypeOfDictionary: 'Map' }).parse(await readFile(path));
  } catch (error) {
    throw datasetError(path, `the pickle cannot be read: ${messageOf(error)}`, HINT, error);
  }
}

const HINT = 'It may hold dictionaries, lists, numbers, text and NumPy arrays, in protocol 2 to 4.';

class NumpyNames extends NameRegistry {
  constructor() {
    super();
    this.register('numpy', 'dtype', (code: unknown) => new Dtype(code));
    this.register('numpy', 'ndarray', refuseCall);
    for (const module of ['numpy.core.multiarray', 'numpy._core.multiarray']) {
      this.register(module, '_reconstruct', () => new PickledArray());
      this.register(module, 'scalar', numpyScalar);
    }
  }

  override onMissingName(module: string, name: string): never {
    throw new Error(`it requires ${module}.${name}, which is not plain data`);
  }
}

function refuseCall(): never {
  throw new Error('it calls numpy.ndarray itself');
}
