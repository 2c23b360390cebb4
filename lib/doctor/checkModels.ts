import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../package/cache';
import type { Check } from './check';

/** The models shipped with the package. */
export function checkModels(folder: string = join(packageRoot(), 'models')): Check {
  const name = 'models';
  const models = listFolder(folder).filter((file) => file.endsWith('.pt'));
  if (models.length > 0) return { name, status: 'ok', detail: `${models.join(', ')} in ${folder}` };
  const fix = 'Reinstall fep-native, or name a TorchScript file of your own with --model.';
  return { name, status: 'warn', detail: `no shipped model in ${folder}`, fix };
}

function listFolder(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}
