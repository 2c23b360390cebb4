// What the command line does for people: it guesses what was meant, shows examples, completes words.
import { spawnSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { temporaryFolder } from './helpers/libtorch.mjs';
import { cli, cliHere, MAIN } from './helpers/program.mjs';

const SAMPLE = fileURLToPath(new URL('../models/sample.mp4', import.meta.url));

test.serial('what is misspelt is guessed', async (t) => {
  const guess = async (...args) => {
    const { status, stderr } = await cliHere(args);
    return [status, /Did you mean ([^?]+)\?/.exec(stderr)?.[1]];
  };
  t.deepEqual(await guess('explian'), [2, 'explain']);
  t.deepEqual(await guess('dataset', 'inspct', 'x'), [2, 'inspect']);
  t.deepEqual(await guess('models', 'inspct'), [2, 'inspect'], 'where one may leave the subcommand out');
  t.deepEqual(await guess('models', 'verfy', 'x', '--device', 'cpu'), [2, 'verify']);
  t.deepEqual(await guess('libtorch', 'instal'), [2, 'install']);
  t.deepEqual(
    await guess('bench', 'merg', 'a', 'b'),
    [2, 'merge'],
    'where the command itself does something',
  );
  t.deepEqual(await guess('models', 'list', 'inspct'), [2, undefined]);
  t.deepEqual(await guess('explain', SAMPLE, '--overlay-format', 'mp4,gifs'), [2, 'gif']);
  t.deepEqual(await guess('explain', SAMPLE, '--metod', 'ep'), [2, '--method']);
  t.deepEqual(await guess('explain', SAMPLE, '--method', 'GradCAM'), [2, 'grad-cam']);
  t.deepEqual(await guess('compare', SAMPLE, '--method', 'ep,integrated-gradient'), [
    2,
    'integrated-gradients',
  ]);
  t.deepEqual(await guess('explain', SAMPLE, '--target', 'clockwize'), [2, 'clockwise']);
  t.deepEqual(await guess('explain', SAMPLE, '--model', 'r2plus1d-min'), [3, 'r2plus1d-mini']);
  t.deepEqual(await guess('explain', '--data', 'synthetic', '--sample', 'synthetic-2-1x'), [
    2,
    'synthetic-2-1',
  ]);
  t.deepEqual(
    await guess('explain', SAMPLE, '--method', 'entirely-else'),
    [2, undefined],
    'no guess at any price',
  );
});

test.serial('a part of a clip is not asked for of a sample, which has its own', async (t) => {
  for (const part of ['--start', '--end']) {
    const { status, stderr } = await cliHere(['explain', '--data', 'synthetic', part, '4']);
    t.is(status, 2, part);
    t.regex(stderr, /--start and --end are for a clip/);
  }
});

/** All commands, each as words with its help. */
async function commands(...words) {
  const { stdout: help } = await cliHere([...words, '--help']);
  const listed = /\nCommands:\n([\s\S]*?)(\n\n|$)/.exec(help)?.[1] ?? '';
  const names = [...listed.matchAll(/^ {2}(\w+)/gm)]
    .map(([, name]) => name)
    .filter((name) => name !== 'help');
  const below = [];
  for (const name of names) below.push(...(await commands(...words, name)));
  return [{ name: words.join(' '), help, isGroup: names.length > 0 }, ...below];
}

test.serial(
  'every command has examples, of commands that there are, and speaks JSON or nothing but its result',
  async (t) => {
    const all = await commands();
    t.true(all.length > 12, `${all.length}`);
    for (const { name, help, isGroup } of all) {
      const examples = [...help.slice(help.indexOf('\nExamples:')).matchAll(/^ {2}fep-native (.*)$/gm)];
      t.true(help.includes('\nExamples:') && examples.length > 0, name);
      for (const [, example] of examples)
        t.true(
          all.some((known) => known.name !== '' && example.startsWith(known.name)),
          example,
        );
      if (isGroup || name === 'completion') continue;
      for (const option of ['--json', '--quiet']) t.true(help.includes(`${option} `), `${name} ${option}`);
    }
    t.false(cli(['doctor', '--quiet']).stdout.includes('✓'), 'what is well needs no word');
  },
);

test('what takes long and cannot say how far it is says at least that it goes on', (t) => {
  const during = fileURLToPath(new URL('../dist/cli/during.js', import.meta.url));
  const script = `const { during } = require(${JSON.stringify(during)});
    const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
    (async () => {
      await during('a short one', {}, () => sleep(10));
      await during('a silent one', { quiet: true }, () => sleep(2300));
      await during('a long one', {}, () => sleep(2300));
    })();`;
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' });
  t.deepEqual([stdout, stderr], ['', 'a long one …\n']);
});

test.serial('words are completed', async (t) => {
  const complete = async (...words) => {
    const { stdout } = await cliHere(['complete', '--', ...words]);
    return stdout.split('\n').filter(Boolean);
  };
  t.deepEqual(await complete('ex'), ['explain']);
  t.true((await complete('')).includes('compare'));
  t.false((await complete('')).includes('complete'), 'what is hidden stays hidden');
  t.deepEqual(await complete('models', 'in'), ['inspect']);
  t.deepEqual(await complete('explain', 'clip.mp4', '--low'), ['--low-ratio']);
  t.deepEqual(await complete('explain', '--method', 'grad-'), ['grad-cam', 'grad-cam-plus-plus']);
  t.deepEqual(await complete('compare', '--method', 'f-ep,ste'), ['f-ep,step']);
  t.deepEqual(await complete('explain', '--overlay-format', 'mp4,g'), ['mp4,gif']);
  t.deepEqual(await complete('bench', '--keep-clips', 'n'), ['none']);
  t.deepEqual(await complete('explain', '--model', 'tsm'), ['tsm-mini']);
  t.deepEqual(await complete('explain', 'models/'), [], 'files are left to the shell');
});

test('bash completes with what completion prints', (t) => {
  const folder = temporaryFolder(t);
  const program = join(folder, 'fep-native');
  writeFileSync(program, `#!/bin/sh\nexec ${process.execPath} ${MAIN} "$@"\n`);
  chmodSync(program, 0o755);
  const script = [
    cli(['completion', 'bash']).stdout,
    'COMP_WORDS=(fep-native explain clip.mp4 --domain p); COMP_CWORD=4',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is bash's
    '_fep_native; printf "%s\\n" "${COMPREPLY[@]}"',
  ].join('\n');
  const env = { ...process.env, PATH: `${folder}:${process.env.PATH}` };
  const { stdout, stderr } = spawnSync('bash', ['-c', script], { encoding: 'utf8', env });
  t.is(stdout, 'parameters\n', stderr);
  t.is(cli(['completion', 'tcsh']).status, 2);
});
