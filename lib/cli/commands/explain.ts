import type { Command } from 'commander';
import type { ExplainProgress } from '../../explain/types';
import { type AnyOptions, DEFAULT_METHOD } from '../../methods/options';
import { searchOptionOf } from '../../methods/presetByDefault';
import { defined } from '../../options/defined';
import { flagName } from '../../options/flagName';
import { OVERLAY_FORMATS, type OverlayFormat } from '../../report/overlayFormats';
import { choices } from '../choices';
import { during } from '../during';
import { expectedTime } from '../expectedTime';
import { type ExplanationSummary, explanationSummary, explanationText } from '../explanationText';
import {
  addFolderOptions,
  addRangeOptions,
  addSampleOptions,
  addViewsOptions,
  checkViewsFlags,
  type InputClipFlags,
  readInputClip,
  type ViewsFlags,
} from '../inputClip';
import { interruptSignal } from '../interrupt';
import { addIsolateOptions, type IsolateFlags, isToBeIsolated, runIsolated } from '../isolate';
import { addMethodOptions, type MethodFlags, methodOptions } from '../methodOptions';
import { findModelFile, loadAnnounced } from '../modelFile';
import { addModelOptions, type ModelFlags } from '../modelOptions';
import { type OutputOptions, printResult, say } from '../output';
import { previewIn } from '../preview';
import { explainProgress } from '../progress';

interface ExplainFlags
  extends ModelFlags,
    OutputOptions,
    MethodFlags,
    InputClipFlags,
    ViewsFlags,
    IsolateFlags {
  model: string;
  out: string;
  overlayFormat?: OverlayFormat[];
}

export function addExplain(program: Command): void {
  const command = program
    .command('explain [clip]')
    .description('explain what a model saw in one clip (video, GIF, folder of frames, or .npy)')
    .option('--model <file|name>', 'a TorchScript file, or a shipped model', 'r2plus1d-mini')
    .option('--out <dir>', 'where the results go', 'fep-out')
    .addOption(
      choices('--overlay-format <list>', 'of the animation, one or several (default: mp4)', OVERLAY_FORMATS),
    )
    .option('--json', 'print one JSON object')
    .option('--quiet', 'no progress');
  addIsolateOptions(
    addModelOptions(
      addMethodOptions(addSampleOptions(addRangeOptions(addFolderOptions(addViewsOptions(command))))),
    ),
  )
    .addHelpText('after', EXAMPLES)
    .action((clip: string | undefined, flags: ExplainFlags) => runExplain(clip, flags));
}

const EXAMPLES = `
Examples:
  fep-native explain clip.mp4
  fep-native explain clip.mp4 --model my-model.pt --method step --area 0.05,0.1 --out results
  fep-native explain clip.mp4 --method grad-cam --layer stage2
  fep-native explain clip.mp4 --overlay-format gif,webp
  fep-native explain clip.mp4 --views 4x3
  fep-native explain --data synthetic --sample synthetic-2-4
  fep-native explain clip.npy --model bare.pt --layout NCTHW --frames 16 --size 112 --activation logits`;

async function runExplain(path: string | undefined, flags: ExplainFlags): Promise<void> {
  if (isToBeIsolated(flags)) return runIsolated(flags);
  // Loaded lazily, so that --help does not load decoders and libtorch.
  const { iterationsOf } = await import('../../methods/config.js');
  const { resolveConfig } = await import('../../methods/resolve.js');
  const { explainResolved } = await import('../../explain/explain.js');
  const { saveExplanation } = await import('../../explain/saveExplanation.js');
  const { averageViews } = await import('../../model/averageViews.js');
  const { describeForm } = await import('../../model/modelForm.js');

  const signal = interruptSignal();
  // The command is validated before anything slow starts.
  checkViewsFlags(flags);
  const { path: file, manifest } = await findModelFile(flags.model, flags, signal);
  const options = methodOptions(flags);
  resolveConfig(options, manifest);
  for (const remark of remarksOnPreset(options)) say(remark, flags);
  const read = () => readInputClip(path, flags, manifest.input, signal);
  const { clip, boxes } = await during('reading the clip', flags, read);
  for (const warning of clip.warnings) say(`warning: ${warning}`, flags);

  const model = await loadAnnounced(file, flags, signal);
  for (const warning of model.warnings) say(`warning: ${warning}`, flags);
  const explained = averageViews(model, clip, { average: flags.viewsAverage });
  const config = resolveConfig(options, explained.manifest); // what it fills in depends on the clip's size
  const progress = explainProgress(iterationsOf(config), flags);
  const preview = previewIn(flags.out, clip, progress.say);
  try {
    const expected = expectedTime(config, progress.say);
    const onProgress = (at: ExplainProgress) => {
      expected(at);
      preview.update(at);
      progress.update(at);
    };
    const watch = { signal, onProgress, progressMasks: true };
    const explanation = await explainResolved(explained, clip, config, watch);
    progress.stop();
    const shown = defined({ boxes, overlayFormat: flags.overlayFormat });
    const save = () => saveExplanation(flags.out, explained, clip, explanation, shown);
    const saved = await during('writing the results', flags, save);
    signal.throwIfAborted();
    const note = flags.tune ? [`Fastest form of the model here: ${describeForm(model.form)}.`] : [];
    const text = (result: ExplanationSummary) =>
      [explanationText(result, explanation, explained), ...note].join('\n');
    printResult(explanationSummary(explanation, saved, explained), text, flags);
  } finally {
    progress.stop();
    await preview.remove();
    model.dispose();
  }
}

/** Says where an option took the default method from its quick settings to the published ones. */
function remarksOnPreset(options: AnyOptions): string[] {
  const option = searchOptionOf(options);
  if (options.method !== DEFAULT_METHOD || options.preset !== undefined || option === undefined) return [];
  return [`settings: --preset paper, beside --${flagName(option)}; there is --preset quick too`];
}
