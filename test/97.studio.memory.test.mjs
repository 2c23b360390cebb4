// The studio over a long day. What it is asked in full: npm run soak:studio.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import test from 'ava';
import { endWithTests } from './helpers/children.mjs';
import { testUnless } from './helpers/testUnless.mjs';

const SOAK = fileURLToPath(new URL('soak/studio.mjs', import.meta.url));
const canLook = existsSync(`/proc/self/task/${process.pid}/children`);
const memoryTest = testUnless(canLook ? undefined : 'the system does not list what a process started', test);

memoryTest('the server and the model take after forty runs what they took after ten', async (t) => {
  t.timeout(300_000);
  const soak = promisify(execFile)(process.execPath, [SOAK, '--runs', '40']);
  endWithTests(soak.child);
  const { stdout } = await soak;
  const { server, model } = JSON.parse(stdout);
  t.log(`server ${server.early.toFixed(0)}, then ${server.late.toFixed(0)} MB`);
  // Both are still warming up, so that twice the margin of `npm run soak:studio` is given.
  t.true(server.growth < 24, JSON.stringify(server));
  t.true(model.growth < 48, JSON.stringify(model));
});
