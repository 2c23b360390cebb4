import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { versions } from '../binding/versions';
import type { Clip } from '../clip/types';
import type { BoxMask } from '../datasets/types';
import { writeAtomically } from '../files/atomicFile';
import { sha256OfFile } from '../files/sha256';
import type { VideoModel } from '../model/videoModel';
import { writePng } from '../report/paint';
import type { Figures } from './figures';
import { drawGradientSheet } from './gradientSheet';
import type { FigureName } from './options';
import { drawTradeoffSheet } from './tradeoffSheet';

/** Incremented when the figures' JSON changes incompatibly. */
export const FIGURES_SCHEMA_VERSION = 1;

/** The model and the clip that the figures are about. */
export interface FigureSubject {
  model: VideoModel;
  clip: Clip;
  boxes: BoxMask | null;
  /** The clip's name. */
  name: string;
}

/**
 * Writes each figure and its data into a folder: `gradients.png`, `spectrum.svg` and `.png`, `departure.svg` and
 * `.png`, `tradeoff.svg` and `.png` with the masks in `tradeoff-masks.png`, and a `.json` for each figure.
 *
 * @returns the files in writing order
 * @throws FepError `FEP_IO`
 */
export async function writeFigures(
  folder: string,
  figures: Figures,
  subject: FigureSubject,
): Promise<string[]> {
  const writer = new Writer(folder, await commonFields(figures, subject));
  const { gradients, spectrum, departure, tradeoff } = figures;
  if (gradients) await writeGradients(writer, figures, subject);
  const about = describe(figures, subject);
  if (spectrum) {
    const { drawSpectra } = await import('./spectrumChart.mjs');
    await writer.chart('spectrum', drawSpectra(spectrum, about), spectrum);
  }
  if (departure) {
    const { drawDeparture } = await import('./departureChart.mjs');
    await writer.chart('departure', drawDeparture(departure, about), departure);
  }
  if (tradeoff) await writeTradeoff(writer, tradeoff, figures, subject);
  return writer.files;
}

class Writer {
  readonly files: string[] = [];

  constructor(
    readonly folder: string,
    private readonly common: object,
  ) {}

  path(name: string): string {
    const path = join(this.folder, name);
    this.files.push(path);
    return path;
  }

  async json(figure: FigureName, numbers: object): Promise<void> {
    const json = `${JSON.stringify({ ...this.common, figure, ...numbers }, null, 2)}\n`;
    await writeAtomically(this.path(`${figure}.json`), (temporary) => writeFile(temporary, json));
  }

  async chart(figure: FigureName, svg: string, numbers: object): Promise<void> {
    const { writeSvg } = await import('../plot/writeChart.mjs');
    this.files.push(...(await writeSvg(join(this.folder, figure), svg)));
    await this.json(figure, numbers);
  }
}

/** The fields common to every figure's JSON. */
async function commonFields({ config }: Figures, { model, clip, name }: FigureSubject) {
  return {
    schemaVersion: FIGURES_SCHEMA_VERSION,
    model: {
      name: model.manifest.name,
      architecture: model.manifest.architecture,
      sha256: await sha256OfFile(model.path),
    },
    device: model.device,
    clip: {
      name,
      source: clip.source,
      frames: clip.indices,
      ...(clip.framesPattern !== undefined && { framesPattern: clip.framesPattern }),
    },
    config,
    versions: versions(),
  };
}

async function writeGradients(writer: Writer, figures: Figures, subject: FigureSubject): Promise<void> {
  const { config, frames } = figures;
  const gradients = figures.gradients!;
  const { domain, part } = config.modulation;
  const grid = domain === 'parameters' ? 'on the grid of parameters' : 'on the pixels';
  const what = part === 'energy' ? 'Gradients' : "The model's gradients";
  const shown = `frames ${frames[0]} to ${frames.at(-1)} of ${subject.clip.frames}`;
  const sheet = await drawGradientSheet({
    clip: { ...subject.clip, boxes: subject.boxes },
    gradients,
    frames,
    step: domain === 'parameters' ? config.step : null,
    title: `${what} before and after modulation, ${grid}`,
    subtitle: `${describe(figures, subject)} · iteration ${gradients.iteration} of ${config.iterations} · ${shown}`,
  });
  await writePng(writer.path('gradients.png'), sheet);
  const maps = gradients.maps.map(({ values: _, ...numbers }) => numbers);
  await writer.json('gradients', { frames, ...gradients, maps });
}

async function writeTradeoff(
  writer: Writer,
  tradeoff: NonNullable<Figures['tradeoff']>,
  figures: Figures,
  subject: FigureSubject,
): Promise<void> {
  const { drawTradeoff } = await import('./tradeoffChart.mjs');
  const subtitle = `${nameOf(subject)} · ${figures.config.iterations} iterations`;
  const points = tradeoff.points.map(({ mask: _, ...numbers }) => numbers);
  await writer.chart('tradeoff', drawTradeoff(tradeoff, subtitle), { ...tradeoff, points });
  const { clip, boxes } = subject;
  const title = 'Interpretability against faithfulness';
  const sheet = await drawTradeoffSheet({ clip, boxes, tradeoff, title, subtitle });
  await writePng(writer.path('tradeoff-masks.png'), sheet);
}

function describe({ config }: Figures, subject: FigureSubject): string {
  const { lowRatio, highRatio } = config.modulation;
  return `${nameOf(subject)} · r_l ${lowRatio}, r_h ${highRatio}`;
}

function nameOf({ model, name }: FigureSubject): string {
  return `${model.manifest.name} on ${name}`;
}
