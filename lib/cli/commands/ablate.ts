import type { Command } from 'commander';
import type { AblateCallOptions, AblateResult } from '../../ablate/ablate';
import { addBenchOptions, type BenchFlags, benchOptions } from '../benchOptions';
import { benchProgress } from '../benchProgress';
import { choice } from '../choices';
import { interruptSignal } from '../interrupt';
import { percent, printResult, say } from '../output';
import { names, numbers, ratios } from '../values';

export function addAblate(program: Command): void {
  const ablate = program
    .command('ablate')
    .description("evaluate F-EP's shares of low and high frequencies against 3D-EP and STEP")
    .option('--low-ratios <list>', "values of r_l (default: those of the paper's supplement)", numbers)
    .option(
      '--high-ratios <list>',
      'values of r_h, combined with every r_l if their sum is at most 1',
      numbers,
    )
    .option('--temporal <list>', 'r_l/r_h along time, tried with every setting, e.g. 1/0,0.5/0.2', ratios)
    .option('--domains <list>', 'where the gradient is modulated: parameters, mask', names)
    .addOption(choice('--modulate <part>', 'which gradient is modulated', ['energy', 'reward']))
    .option('--select', 'select r_l, r_h and the domain by STC@10 on the validation split')
    .option('--per-sample', 'measure what choosing the setting per clip gains and costs');
  addBenchOptions(ablate, 'fep-ablation').addHelpText('after', EXAMPLES).action(runAblate);
}

const EXAMPLES = `
Examples:
  fep-native ablate --limit 20 --iterations 300
  fep-native ablate --select --domains parameters,mask --low-ratios 0.3,0.5,0.7 --high-ratios 0,0.1,0.2`;

async function runAblate(flags: BenchFlags, command: Command): Promise<void> {
  const { ablate } = await import('../../ablate/ablate.js');
  const signal = interruptSignal();
  const view = benchProgress(flags);
  try {
    // `ablate` validates names and values.
    const options = benchOptions(flags, command) as unknown as AblateCallOptions;
    const result = await ablate({ ...options, signal, onProgress: view.update, onRemark: view.remark });
    view.stop();
    if (result.failed > 0) say(`${result.failed} of ${result.items} items failed.`, flags);
    printResult(result, describe, flags);
  } finally {
    view.stop();
  }
}

function describe({ items, computed, selections, files }: AblateResult): string {
  const chosen = selections.map(({ model, area, cell, stcAt10 }) => {
    const { lowRatio, highRatio, domain, temporal } = cell;
    const inTime = temporal
      ? ` --temporal-low-ratio ${temporal[0]} --temporal-high-ratio ${temporal[1]}`
      : '';
    const setting = `--low-ratio ${lowRatio} --high-ratio ${highRatio}${inTime} --domain ${domain}`;
    return `${model} at ${percent(area)}: ${setting} (STC@10 ${percent(stcAt10.mean ?? 0)})`;
  });
  const table = files.find((file) => file.endsWith('ablation.html'));
  return [`${items} items, ${computed} computed in this run.`, ...chosen, `  look at  ${table}`].join('\n');
}
