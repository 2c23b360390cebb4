// npm start: sets up what is missing, explains the sample clip with a model that ships with the package, and says what to try
// next.
// Arguments after -- are passed on to `fep-native explain`.
import { join } from 'node:path';
import { main, root, runVisibly, say } from './run.mjs';
import { setup } from './setup.mjs';

const EXAMPLE = ['explain', join('models', 'sample.mp4'), '--out', join('fep-out', 'sample')];

/** `npx fep-native` is for where the package is installed. */
const NEXT = `
Next, watch a mask form in the browser, on this clip or one of yours:
  node dist/cli/main.js studio`;

main(async () => {
  await setup();
  const code = await runVisibly(process.execPath, [
    join(root, 'dist', 'cli', 'main.js'),
    ...EXAMPLE,
    ...process.argv.slice(2),
  ]);
  if (code === 0) say(NEXT);
  return code;
});
