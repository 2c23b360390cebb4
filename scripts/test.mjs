// npm test: sets up what the tests need, runs ava over test/*.test.mjs and pytest over test/native and test/import, says how
// long each took, and ends with one line that sums all up. Arguments name ava files to run instead of everything.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { reportSeconds, runLanes } from './lanes.mjs';
import { filesUnder, main, root } from './run.mjs';
import { report } from './runners.mjs';
import { setup } from './setup.mjs';

main(async () => {
  await setup({ test: true });
  const chosen = process.argv.slice(2);
  const all = filesUnder('test').filter((file) => /^test\/[^/]+\.test\.mjs$/.test(file));
  const folders = [join('test', 'native'), join('test', 'import')].filter((path) =>
    existsSync(join(root, path)),
  );
  const results = await (chosen.length > 0 ? runLanes(chosen, []) : runLanes(all, folders));
  reportSeconds(results);
  return report(results);
});
