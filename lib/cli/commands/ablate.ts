import type { Command } from 'commander';
import type { AblateCallOptions, AblateResult } from '../../ablate/ablate';
import type { Selection } from '../../ablate/select';
import type { Course } from '../../ablate/settings';
import { addBenchOptions, type BenchFlags, benchOptions } from '../benchOptions';
import { benchProgress } from '../benchProgress';
import { choice } from '../choices';
import { interruptSignal } from '../interrupt';
import { percent, printResult, say } from '../output';
import { courses, grids, names, numbers, ratios } from '../values';

export function addAblate(program: Command): void {
  const ablate = program
    .command('ablate')
    .description("evaluate F-EP's bands of frequencies and its grid against 3D-EP and STEP")
    .option('--low-ratios <list>', "values of r_l (default: those of the paper's supplement)", numbers)
    .option(
      '--high-ratios <list>',
      'values of r_h, combined with every r_l if their sum is at most 1',
      numbers,
    )
    .option('--temporal <list>', 'r_l/r_h along time, tried with every setting, e.g. 1/0,0.5/0.2', ratios)
    .option('--courses <list>', 'when the bands open: constant, or BEGIN/END, e.g. constant,0.2/0.7', courses)
    .option(
      '--grids <list>',
      'step/sigma of the mask, in place of --step and --sigma, e.g. 7/11,13/23',
      grids,
    )
    .option('--domains <list>', 'where the gradient is modulated: parameters, mask', names)
    .addOption(choice('--modulate <part>', 'which gradient is modulated', ['energy', 'reward']))
    .option('--select', 'select a setting by STC@10 on the validation split')
    .option('--per-sample', 'measure what choosing the setting per clip gains and costs');
  addBenchOptions(ablate, 'fep-ablation').addHelpText('after', EXAMPLES).action(runAblate);
}

const EXAMPLES = `
Examples:
  fep-native ablate --limit 20 --iterations 300
  fep-native ablate --select --domains parameters,mask --low-ratios 0.3,0.5,0.7 --high-ratios 0,0.1,0.2
  fep-native ablate --select --preset quick --low-ratios 0.1,0.2 --courses constant,0.1/0.5 --grids 7/11,13/23`;

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
  const chosen = selections.map(
    (selection) =>
      `${selection.model} at ${percent(selection.area)}: ${flagsOf(selection)} ` +
      `(STC@10 ${percent(selection.stcAt10.mean ?? 0)})`,
  );
  const table = files.find((file) => file.endsWith('ablation.html'));
  return [`${items} items, ${computed} computed in this run.`, ...chosen, `  look at  ${table}`].join('\n');
}

/** A selected setting as flags of `explain`. */
function flagsOf({ cell, preset }: Selection): string {
  const { lowRatio, highRatio, domain, temporal, course, grid } = cell;
  return [
    ...(preset ? [`--preset ${preset}`] : []),
    `--low-ratio ${lowRatio} --high-ratio ${highRatio}`,
    ...(temporal ? [`--temporal-low-ratio ${temporal[0]} --temporal-high-ratio ${temporal[1]}`] : []),
    `--domain ${domain}`,
    ...(course ? [flagsOfCourse(course)] : []),
    `--step ${grid.step} --sigma ${grid.sigma}`,
  ].join(' ');
}

function flagsOfCourse(course: Course): string {
  if (course === 'constant') return `--course ${course}`;
  return `--course coarse-to-fine --course-begin ${course[0]} --course-end ${course[1]}`;
}
