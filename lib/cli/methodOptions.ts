import type { Command } from 'commander';
import { METHODS } from '../methods/methods';
import type { ExplainOptions } from '../methods/options';
import { PERTURBATIONS } from '../methods/perturbation';
import { choice } from './choices';
import { cells, integer, number, numbers } from './values';

/** Values of the options that `addMethodOptions` adds. */
export interface MethodFlags extends Omit<ExplainOptions, 'area'> {
  area?: number[];
}

/** What a mask is made of and how F-EP modulates its gradient. */
export function addMaskOptions(command: Command): Command {
  return command
    .option('--step <pixels>', 'distance of control points', integer)
    .option('--sigma <pixels>', 'reach of a control point', number)
    .addOption(choice('--area-over <what>', 'what the area is a share of', ['canvas', 'frame']))
    .option('--low-ratio <share>', 'low frequencies that F-EP keeps', number)
    .option('--high-ratio <share>', 'high frequencies that F-EP keeps', number)
    .addOption(choice('--domain <where>', 'where F-EP modulates', ['parameters', 'mask']))
    .addOption(choice('--modulate <part>', 'which gradient F-EP modulates', ['energy', 'reward']));
}

/** How to explain: the method and everything that methods can be told. */
export function addMethodOptions(command: Command): Command {
  command
    .addOption(choice('--method <name>', 'how to explain', METHODS).default('f-ep'))
    .option('--target <class|index>', 'class to explain (default: the one the model predicts)')
    .addOption(choice('--perturbation <kind>', 'what replaces what is not kept', PERTURBATIONS))
    .option('--seed <n>', 'of the methods that draw random numbers (default: 0)', integer)
    .optionsGroup('For the methods that optimise a mask (f-ep, ep, ep-2d, step, torchray):')
    .option('--area <share>', 'share of the clip to keep, or several: 0.05,0.1 (default: 0.1)', numbers)
    .option('--iterations <n>', "updates of the mask (default: the method's preset)", integer)
    .addOption(choice('--schedule <name>', 'fast: 120 longer updates for 2,000', ['published', 'fast']))
    .addOption(
      choice('--until <end>', 'stop early, once the energies have settled', ['iterations', 'converged']),
    );
  return addMaskOptions(command)
    .option('--temporal-low-ratio <share>', 'the same along time alone (default: --low-ratio)', number)
    .option('--temporal-high-ratio <share>', 'the same along time alone (default: --high-ratio)', number)
    .addOption(
      choice(
        '--arithmetic <order>',
        'fast, or with the rounding of published code (default for small clips)',
        ['fused', 'published'],
      ),
    )
    .option('--cuda-graph', 'on a GPU: hand it whole iterations')
    .optionsGroup('For the other methods:')
    .option('--integration-steps <n>', 'points of integrated-gradients (default: 25)', integer)
    .addOption(
      choice('--baseline <colour>', 'where integrated-gradients begin (default: black)', ['black', 'mean']),
    )
    .option('--samples <n>', 'noisy clips of smoothgrad (default: 25), masks of rise (500)', integer)
    .option('--noise <share>', "smoothgrad's noise, of the clip's range (default: 0.15)", number)
    .option('--layer <name>', "what grad-cam looks at; see models inspect (default: the manifest's)")
    .addOption(
      choice('--cam-weights <over>', 'what shares a weight in grad-cam (default: clip)', ['clip', 'frame']),
    )
    .option('--cells <t,h,w>', 'random grid of rise and random (default: 4,7,7)', cells);
}

const NAMES = [
  ...[
    'method',
    'target',
    'perturbation',
    'seed',
    'area',
    'iterations',
    'schedule',
    'until',
    'step',
    'sigma',
    'areaOver',
    'arithmetic',
    'cudaGraph',
  ],
  ...[
    'lowRatio',
    'highRatio',
    'temporalLowRatio',
    'temporalHighRatio',
    'domain',
    'modulate',
    'integrationSteps',
    'baseline',
    'samples',
    'noise',
  ],
  ...['layer', 'camWeights', 'cells'],
];

/** The flags as `explain` takes them. */
export function methodOptions(flags: MethodFlags): ExplainOptions {
  const given = Object.entries(flags).filter(([name, value]) => NAMES.includes(name) && value !== undefined);
  return Object.fromEntries(given);
}
