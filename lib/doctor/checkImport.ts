import { IMPORT_PACKAGES, tryFindPython } from '../import/python';
import type { Check, DoctorOptions } from './check';

/** The Python that imports other libraries' models: only they need one. */
export function checkImport({ env = process.env }: DoctorOptions = {}): Check {
  const name = 'importing models';
  const python = tryFindPython(env);
  if (!python) {
    const detail = 'no Python; models that are TorchScript files need none';
    return {
      name,
      status: 'warn',
      detail,
      fix: 'Install Python 3.10 or newer, for `fep-native import` only.',
    };
  }
  const { path, packages } = python;
  const present = IMPORT_PACKAGES.filter((each) => packages[each]).map((each) => `${each} ${packages[each]}`);
  if (packages.torch) return { name, status: 'ok', detail: `${path} with ${present.join(', ')}` };
  const detail = `${path} has no torch; models that are TorchScript files need none`;
  const fix = `Activate the environment that has your model's library, or: ${path} -m pip install torch`;
  return { name, status: 'warn', detail, fix };
}
