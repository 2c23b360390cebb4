// Preloaded into a run, it gives it a signal at a moment that is the same every time: END_AT is `<what>:<n>:<signal>`, the
// n-th time that
//   rename    a file that was written under another name is about to take its own
//   line      a line of results was written
//   half-line half a line of results was written
const files = require('node:fs');
const promises = require('node:fs/promises');

const [what, number, signal] = process.env.END_AT.split(':');
let left = Number(number);

/** A killed process does nothing more, not even until the signal reaches it. */
function end() {
  process.kill(process.pid, signal);
  if (signal === 'SIGKILL') for (;;);
}

const { rename } = promises;
promises.rename = (...paths) => {
  if (what === 'rename' && --left === 0) end();
  return rename(...paths);
};

const { writeSync } = files;
files.writeSync = (file, bytes, ...more) => {
  if (what === 'rename' || --left !== 0) return writeSync(file, bytes, ...more);
  const written = what === 'line' ? bytes : bytes.subarray(0, bytes.length >> 1);
  const count = writeSync(file, written, ...more);
  end();
  return count;
};
