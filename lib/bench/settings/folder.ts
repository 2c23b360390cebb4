import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FepError, messageOf } from '../../errors/fepError';
import { writeAtomically } from '../../files/atomicFile';
import { makeFolder } from '../../files/makeFolder';
import type { BenchConfig } from './config';
import { type Difference, describeDifference, differences } from './differences';

const CONFIG_FILE = 'config.json';

/**
 * Makes a folder the place of a bench: writes its `config.json`, or finds that the same bench has begun there.
 *
 * @throws FepError `FEP_USAGE` naming every setting in which another bench's configuration differs; `FEP_IO`
 */
export async function claimFolder(folder: string, config: BenchConfig): Promise<void> {
  await makeFolder(folder);
  const path = join(folder, CONFIG_FILE);
  if (!existsSync(path)) {
    const json = `${JSON.stringify(config, null, 2)}\n`;
    await writeAtomically(path, (temporary) => writeFile(temporary, json));
    return;
  }
  refuseChange(folder, await readConfig(folder), config);
}

/**
 * @param other the folder of the other configuration; none when it is the one that was asked for
 * @throws FepError `FEP_USAGE` naming every setting in which the configurations differ
 */
export function refuseChange(folder: string, before: BenchConfig, config: BenchConfig, other?: string): void {
  const changed = changedSettings(before, JSON.parse(JSON.stringify(config)) as BenchConfig);
  if (changed.length === 0) return;
  throw new FepError(
    'FEP_USAGE',
    `${folder} holds the results of another bench${other === undefined ? '' : ` than ${other}`}:\n${changed.map((difference) => `  ${describeDifference(difference)}`).join('\n')}`,
    {
      hint:
        other === undefined
          ? 'Give the options that it was begun with, or another --out.'
          : 'Merge only the shards of one bench.',
    },
  );
}

/** @throws FepError `FEP_USAGE` when the folder is not a bench's, `FEP_IO` when its configuration is broken */
export async function readConfig(folder: string): Promise<BenchConfig> {
  const path = join(folder, CONFIG_FILE);
  if (!existsSync(path)) {
    throw new FepError('FEP_USAGE', `${folder} holds no bench: there is no ${CONFIG_FILE} in it.`, {
      hint: 'Give the --out of a bench.',
    });
  }
  try {
    return JSON.parse(await readFile(path, 'utf8')) as BenchConfig;
  } catch (error) {
    throw new FepError('FEP_IO', `${path} is not JSON: ${messageOf(error)}`, {
      cause: error,
      hint: 'Restore it, or begin anew in another folder.',
    });
  }
}

/** What was asked for otherwise; what methods came to is told only when nothing else explains it. */
export function changedSettings(before: BenchConfig, after: BenchConfig): Difference[] {
  const { options, methods, places: _, ...rest } = before;
  const { options: optionsAfter, methods: methodsAfter, places: __, ...restAfter } = after;
  const told = [...differences(options, optionsAfter), ...differences(rest, restAfter)];
  return told.length > 0 ? told : differences(methods, methodsAfter, 'methods');
}
