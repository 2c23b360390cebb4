import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { FepError } from '../errors/fepError';

/** Where a password comes from without a terminal: arguments can be read by everyone on the machine. */
const VARIABLE = 'FEP_STUDIO_PASSWORD';

/**
 * Asks for a password on the terminal, without showing it.
 *
 * @param meaning what the password is for, said first
 * @throws FepError `FEP_USAGE` without a terminal and without `FEP_STUDIO_PASSWORD`
 */
export async function askPassword(meaning: string): Promise<string> {
  process.stderr.write(`${meaning}\n`);
  const given = process.env[VARIABLE];
  if (given) return given;
  if (!process.stdin.isTTY) {
    throw new FepError('FEP_USAGE', 'There is no terminal to ask for a password.', {
      hint: `Set the environment variable ${VARIABLE}.`,
    });
  }
  process.stderr.write('Password (at least 8 characters): ');
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: silent, terminal: true });
  try {
    return await lines.question('');
  } finally {
    lines.close();
    process.stderr.write('\n');
  }
}
