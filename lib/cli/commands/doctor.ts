import type { Command } from 'commander';
import { examples } from '../examples';
import { EXIT } from '../exitCodes';
import { type OutputOptions, printResult } from '../output';

export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('report what is found, what is missing, and how to fix it')
    .option('--json', 'print one JSON object')
    .option('--quiet', 'print only problems')
    .addHelpText('after', examples('doctor', 'doctor --json'))
    .action(doctor);
}

const SIGN = { ok: '✓', warn: '!', fail: '✗' } as const;

async function doctor(flags: OutputOptions): Promise<void> {
  const { examine } = await import('../../doctor/examine.js');
  const checks = examine().filter(({ status }) => !flags.quiet || status !== 'ok');
  const width = Math.max(...checks.map(({ name }) => name.length));
  if (checks.length === 0 && !flags.json) return;
  printResult(
    { checks },
    () =>
      checks
        .map(({ name, status, detail, fix }) => {
          const line = `${SIGN[status]} ${name.padEnd(width)}  ${detail}`;
          return fix ? `${line}\n  ${' '.repeat(width)}  → ${fix}` : line;
        })
        .join('\n'),
    flags,
  );
  if (checks.some(({ status }) => status === 'fail')) process.exitCode = EXIT.environment;
}
