import type { Command } from 'commander';
import type { InstallProgress } from '../../libtorch/install';
import type { LibtorchVariant } from '../../libtorch/version';
import { choice } from '../choices';
import { duration } from '../duration';
import { examples } from '../examples';
import { interruptSignal } from '../interrupt';
import { isAnimated, type OutputOptions, printResult, say, table } from '../output';

interface InstallFlags extends OutputOptions {
  variant: LibtorchVariant;
  from?: string;
  force?: boolean;
}

export function addLibtorch(program: Command): void {
  const libtorch = program.command('libtorch').description('install libtorch, or list what is found');
  libtorch.addHelpText('after', examples('libtorch', 'libtorch install --variant cu130'));
  libtorch
    .command('install')
    .description("download libtorch into the user's cache")
    .addOption(choice('--variant <name>', 'build to install', ['cpu', 'cu130']).default('cpu'))
    .option('--from <file>', 'install from an official .zip or a torch .whl on disk')
    .option('--force', 'reinstall even if it is already installed')
    .option('--json', 'print one JSON object')
    .option('--quiet', 'no progress')
    .addHelpText('after', examples('libtorch install', 'libtorch install --from torch-2.13.0.whl'))
    .action(install);
  libtorch
    .command('list', { isDefault: true })
    .description('list every searched location and what it contains')
    .option('--json', 'print one JSON object')
    .option('--quiet', 'no progress and no remarks')
    .addHelpText('after', examples('libtorch list', 'libtorch list --json'))
    .action(list);
}

async function install({ variant, from, force, ...output }: InstallFlags): Promise<void> {
  const { installLibtorch } = await import('../../libtorch/install.js');
  const installed = await installLibtorch({
    variant,
    signal: interruptSignal(),
    onProgress: showProgress(output),
    ...(from !== undefined && { from }),
    ...(force && { force }),
  });
  printResult(
    installed,
    ({ version, root, installed: fresh }) =>
      `libtorch ${version} ${fresh ? 'is now' : 'was already'} in ${root}`,
    output,
  );
}

/** Prints a line per stage, and on a terminal its percentage and the time left. */
function showProgress(output: OutputOptions): (progress: InstallProgress) => void {
  let stage: string | undefined;
  let start = 0;
  return ({ stage: current, done, total, message }) => {
    if (current !== stage) {
      say(`${message ?? current} …`, output);
      start = performance.now();
    }
    stage = current;
    if (output.quiet || !isAnimated() || !done || !total) return;
    const left = duration(((performance.now() - start) / 1000 / done) * (total - done));
    const line = `  ${Math.floor((100 * done) / total)} %  ETA ${left}`;
    process.stderr.write(`\r\x1b[2K${line}${done >= total ? '\n' : ''}`);
  };
}

async function list(flags: OutputOptions): Promise<void> {
  const { listLibtorch } = await import('../../libtorch/list.js');
  const places = listLibtorch();
  printResult(
    { places },
    () =>
      table([
        ['WHERE', 'STATUS', 'VERSION', 'PATH'],
        ...places.map(({ origin, status, version, variant, reason, path }) => [
          origin,
          reason ? `${status}: ${reason}` : status,
          version ? `${version} ${variant ?? ''}` : '–',
          path,
        ]),
      ]),
    flags,
  );
}
