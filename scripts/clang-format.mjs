// Formats the C++ sources in place; --check only reports what is not formatted.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Failure, filesUnder, main, root, runVisibly } from './run.mjs';

main(async () => {
  const tool = join(root, '.venv', 'bin', 'clang-format');
  if (!existsSync(tool)) throw new Failure('clang-format is missing. Run: npm run setup -- --test');
  const files = ['native', join('test', 'native')]
    .flatMap(filesUnder)
    .filter((file) => /\.(cc|h|cu|cuh)$/.test(file));
  if (files.length === 0) return 0;
  const mode = process.argv.includes('--check') ? ['--dry-run', '-Werror'] : ['-i'];
  return runVisibly(tool, [...mode, ...files]);
});
