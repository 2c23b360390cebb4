// npm test: sets up what the tests need, runs ava over test/*.test.mjs and pytest over test/native and test/export, and
// ends with one line that sums all up. Arguments name ava files to run instead of everything.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { filesUnder, main, root } from './run.mjs';
import { report, runAva, runPytest } from './runners.mjs';
import { setup } from './setup.mjs';

main(async () => {
  await setup({ test: true });
  const chosen = process.argv.slice(2);
  const all = filesUnder('test').filter((file) => /^test\/[^/]+\.test\.mjs$/.test(file));
  const results = [await runAva(chosen.length > 0 ? chosen : all)];
  const folders = chosen.length > 0 ? [] : [join('test', 'native'), join('test', 'export')];
  for (const folder of folders.filter((path) => existsSync(join(root, path)))) {
    results.push(await runPytest(folder));
  }
  return report(results);
});
