import { spawn } from 'node:child_process';
import type { Command } from 'commander';
import { DATASET_SPEC_LIST } from '../../datasets/kinds';
import { FepError } from '../../errors/fepError';
import { defined } from '../../options/defined';
import { askPassword } from '../askPassword';
import { examples } from '../examples';
import { interruptSignal } from '../interrupt';
import { type OutputOptions, printResult, say } from '../output';
import { integer } from '../values';

interface StudioFlags extends OutputOptions {
  folder: string;
  host?: string;
  port: number;
  open: boolean;
  clips?: string;
  data?: string[];
  models?: string;
  model?: string[];
  allowModelUpload?: boolean;
  isolate?: boolean;
  memoryLimit: number;
  callLimit: number;
  maxUpload: number;
}

export function addStudio(program: Command): void {
  program
    .command('studio')
    .description('open a page where clips are explained by hand, and watched while they are')
    .option('--folder <dir>', 'where runs and uploads are kept', 'fep-studio')
    .option('--port <n>', 'port to listen on; 0 for any free one', integer, 0)
    .option('--no-open', 'print the address and open no browser')
    .option('--clips <dir>', 'a folder whose clips can be picked')
    .option('--data <set...>', `data sets whose samples can be picked: ${DATASET_SPEC_LIST}`)
    .option('--models <dir>', 'a folder whose model files can be picked')
    .option('--model <file|source...>', 'further models to pick: files, or sources of other libraries')
    .option('--max-upload <MB>', 'largest file that the page may send', integer, 512)
    .option('--memory-limit <MB>', "memory limit of each model's process", integer, 8192)
    .option('--call-limit <s>', 'how long a model may take over anything but a run', integer, 120)
    .option('--allow-model-upload', 'take model files from the page, which are programs; wants --isolate')
    .option('--isolate', 'run uploaded models in processes with limits, as all models of the studio do')
    .option('--host <address>', 'let other machines in, with a password; traffic is not encrypted')
    .option('--json', 'print one JSON object with the address')
    .option('--quiet', 'print the address alone')
    .addHelpText('after', examples('studio', 'studio --clips ~/videos --models ~/models --port 8000'))
    .action(runStudio);
}

async function runStudio(flags: StudioFlags): Promise<void> {
  const { allowModelUpload, isolate, open, host, json: _, quiet: __, ...more } = flags;
  if (allowModelUpload && !isolate) throw wantsIsolate();
  const { createStudio } = await import('../../studio/studio.js');
  const { isLoopback } = await import('../../studio/security/hosts.js');
  const password = host === undefined || isLoopback(host) ? undefined : await askPassword(meaning(host));
  const studio = await createStudio(defined({ ...more, host, password, allowModelUpload }));
  printResult({ address: studio.address }, ({ address }) => address, flags);
  say(open ? OPENS : 'Open the address in a browser of this machine.', flags);
  say(`Ctrl-C ends the studio; its runs stay in ${flags.folder}.`, flags);
  if (open) openInBrowser(studio.address);
  const signal = interruptSignal();
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  await studio.close();
  process.exit(0); // a wish, not a failure
}

const OPENS = 'It opens in your browser; if it does not, open the address yourself.';

function wantsIsolate(): FepError {
  return new FepError('FEP_USAGE', '--allow-model-upload wants --isolate: a model file is a program.', {
    hint: 'Add --isolate, which keeps it from the server, though not from your files.',
  });
}

function meaning(host: string): string {
  return [
    `With --host ${host}, whoever reaches this machine and knows the password can see and delete the runs,`,
    'read the clips of --clips, and use its processors. The traffic is not encrypted: use it in a network that you trust.',
  ].join('\n');
}

const OPENERS: Partial<Record<NodeJS.Platform, string[]>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
};

/** Where no browser opens, the address that was printed is enough. */
function openInBrowser(address: string): void {
  const [command, ...args] = OPENERS[process.platform] ?? ['xdg-open'];
  const child = spawn(command!, [...args, address], { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
}
