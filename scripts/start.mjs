// npm start: sets up what is missing, then explains the sample clip with a model that ships with the package.
// Arguments after -- are passed on to `fep-native explain`.
import { join } from 'node:path';
import { main, root, runVisibly } from './run.mjs';
import { setup } from './setup.mjs';

const EXAMPLE = ['explain', join('models', 'sample.mp4'), '--out', join('fep-out', 'sample')];

main(async () => {
  await setup();
  return runVisibly(process.execPath, [
    join(root, 'dist', 'cli', 'main.js'),
    ...EXAMPLE,
    ...process.argv.slice(2),
  ]);
});
