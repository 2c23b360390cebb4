import { type Command, Option } from 'commander';
import type { ExplainOptions } from '../../config/options';
import { METHODS } from '../../config/presets';
import type { Explanation } from '../../explain/explain';
import type { SavedExplanation } from '../../explain/saveExplanation';
import { interruptSignal } from '../interrupt';
import { addModelOptions, loadOptions, type ModelFlags } from '../modelOptions';
import { type OutputOptions, percent, printResult, say } from '../output';
import { explainProgress } from '../progress';
import { integer, number, numbers } from '../values';

interface ExplainFlags extends ModelFlags, OutputOptions, Omit<ExplainOptions, 'area'> {
  model: string;
  area?: number[];
  start?: number;
  end?: number;
  out: string;
}

export function addExplain(program: Command): void {
  const command = program
    .command('explain <clip>')
    .description('explain what a model saw in one clip (video, GIF, folder of frames, or .npy)')
    .option('--model <file|name>', 'a TorchScript file, or a shipped model', 'r2plus1d-mini')
    .addOption(new Option('--method <name>', 'how to explain').choices(METHODS).default('f-ep'))
    .option('--target <class|index>', 'class to explain (default: the one the model predicts)')
    .option('--area <share>', 'share of the clip to keep, or several: 0.05,0.1 (default: 0.1)', numbers)
    .option('--iterations <n>', "updates of the mask (default: the method's preset)", integer)
    .option('--step <pixels>', 'distance of control points', integer)
    .option('--sigma <pixels>', 'reach of a control point', number)
    .option('--low-ratio <share>', 'low frequencies that F-EP keeps', number)
    .option('--high-ratio <share>', 'high frequencies that F-EP keeps', number)
    .addOption(new Option('--domain <where>', 'where F-EP modulates').choices(['parameters', 'mask']))
    .addOption(new Option('--modulate <part>', 'which gradient F-EP modulates').choices(['energy', 'reward']))
    .addOption(new Option('--area-over <what>', 'what the area is a share of').choices(['canvas', 'frame']))
    .addOption(
      new Option('--perturbation <kind>', 'what replaces what is not kept').choices([
        'blur',
        'fade-black',
        'fade-mean',
      ]),
    )
    .option('--start <frame>', 'first frame of the part to look at', integer)
    .option('--end <frame>', 'first frame after that part', integer)
    .option('--seed <n>', 'recorded with the result', integer)
    .option('--out <dir>', 'where the results go', 'fep-out')
    .option('--json', 'print one JSON object')
    .option('--quiet', 'no progress');
  addModelOptions(command)
    .addHelpText('after', EXAMPLES)
    .action((clip: string, flags: ExplainFlags) => runExplain(clip, flags));
}

const EXAMPLES = `
Examples:
  fep-native explain clip.mp4
  fep-native explain clip.mp4 --model my-model.pt --method step --area 0.05,0.1 --out results
  fep-native explain clip.npy --model bare.pt --layout NCTHW --frames 16 --size 112 --activation logits`;

async function runExplain(path: string, flags: ExplainFlags): Promise<void> {
  // Loaded here, so that --help does not wait for decoders and libtorch.
  const { readClip } = await import('../../clip/readClip.js');
  const { resolveConfig } = await import('../../config/resolve.js');
  const { explain } = await import('../../explain/explain.js');
  const { saveExplanation } = await import('../../explain/saveExplanation.js');
  const { findModel } = await import('../../model/findModel.js');
  const { loadModel } = await import('../../model/loadModel.js');

  const signal = interruptSignal();
  const options = explainOptions(flags);
  const load = loadOptions(flags);
  // Everything that can be wrong with the command is found before anything slow begins.
  const { manifest } = await findModel(flags.model, load);
  const config = resolveConfig(options, manifest);
  const clip = await readClip(path, manifest.input, clipOptions(flags, signal));
  for (const warning of clip.warnings) say(`warning: ${warning}`, flags);

  const model = await loadModel(flags.model, { ...load, signal });
  const progress = explainProgress(config.iterations, flags);
  try {
    const explanation = await explain(model, clip, { ...options, signal, onProgress: progress.update });
    progress.stop();
    const saved = await saveExplanation(flags.out, explanation, clip, model);
    signal.throwIfAborted();
    printResult(summary(explanation, saved), (result) => describe(result, explanation), flags);
  } finally {
    progress.stop();
    model.dispose();
  }
}

function explainOptions(flags: ExplainFlags): ExplainOptions {
  const { method, target, area, iterations, step, sigma, lowRatio, highRatio } = flags;
  const { domain, modulate, areaOver, perturbation, seed } = flags;
  const given = {
    ...{ method, target, area, iterations, step, sigma, lowRatio, highRatio },
    ...{ domain, modulate, areaOver, perturbation, seed },
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function clipOptions({ start, end }: ExplainFlags, signal: AbortSignal) {
  return { signal, ...(start !== undefined && { start }), ...(end !== undefined && { end }) };
}

/** What `--json` prints: the numbers without the arrays, and where the files are. */
function summary(explanation: Explanation, saved: SavedExplanation[]) {
  const { config, target, predicted, masks, timing } = explanation;
  return {
    method: config.method,
    target,
    predicted,
    explanations: masks.map(
      ({ area, realisedArea, realisedAreaAtHalf, probability, predicted: after }, i) => ({
        ...{ area, realisedArea, realisedAreaAtHalf, probability, predicted: after },
        files: saved[i]!,
      }),
    ),
    timing,
  };
}

function describe(
  { explanations, timing }: ReturnType<typeof summary>,
  { config, target }: Explanation,
): string {
  const { seconds, modelSeconds, secondsPerIteration } = timing;
  const outside = percent(1 - modelSeconds / seconds);
  return [
    ...explanations.map(({ area, probability, predicted, realisedArea, files }) =>
      [
        `${target.name}: ${percent(probability.original)} on the clip, ${percent(probability.explained)} on what the mask keeps` +
          ` (most probable there: ${predicted.name}, ${percent(predicted.probability)})`,
        `The mask keeps ${percent(realisedArea)} of the frame (budget ${percent(area)} of the ${config.areaOver}).`,
        `  look at  ${files.report}`,
        `           ${files.overlay}`,
        `           ${files.sheet}`,
        `  data     ${files.mask}, ${files.result}`,
      ].join('\n'),
    ),
    `${config.iterations} iterations in ${seconds.toFixed(1)} s, ${(1000 * secondsPerIteration).toFixed(1)} ms each, ${outside} of it outside the model.`,
  ].join('\n');
}
