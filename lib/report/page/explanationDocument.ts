import type { Clip } from '../../clip/types';
import { fromFirstToLast } from '../../numbers/spread';
import { checkReportInput } from '../check';
import type { EnergyPoint } from '../energyPoint';
import type { ReportInput, SearchInput } from '../types';
import { clipDocument } from './clipDocument';
import type { ExplanationDocument, MaskDocument, SearchDocument } from './document';
import { frameSprite, packMask } from './pack';

/** Most points of the energy curve that a chart shows. */
const MAX_POINTS = 400;

/** @throws FepError `FEP_SHAPE` when the sizes of clip and mask differ */
export async function explanationDocument(input: ReportInput): Promise<ExplanationDocument> {
  checkReportInput(input);
  const { target, model, modelWarnings, views, clip, boxes, versions } = input;
  return {
    kind: 'explanation',
    target,
    model,
    ...(views && { views }),
    versions,
    clip: {
      ...(await clipDocument(clip, boxes, modelWarnings)),
      ...(input.fps !== undefined && { fps: input.fps }),
    },
    mask: await maskDocument({ ...input, predicted: input.predicted?.explained ?? null }),
    ...(input.search && { search: await searchDocument(input.search, clip) }),
  };
}

/** What a page is told of a mask. */
export type MaskInput = Pick<
  ReportInput,
  | 'clip'
  | 'method'
  | 'mask'
  | 'perturbed'
  | 'scaled'
  | 'probability'
  | 'realisedArea'
  | 'realisedAreaAtHalf'
  | 'deletes'
  | 'seconds'
  | 'energy'
  | 'advice'
  | 'classes'
  | 'config'
> & { predicted: MaskDocument['predicted'] };

/** A mask and its scores as the viewer reads them. */
export async function maskDocument({
  clip,
  mask,
  perturbed,
  scaled,
  seconds,
  energy,
  classes,
  ...input
}: MaskInput): Promise<MaskDocument> {
  const { method, probability, predicted, realisedArea, realisedAreaAtHalf, deletes, advice, config } = input;
  return {
    method,
    probability,
    predicted,
    realisedArea,
    realisedAreaAtHalf,
    ...(deletes && { deletes }),
    ...(advice && { advice }),
    config,
    mask: packMask(mask),
    perturbed: await frameSprite(perturbed, clip),
    scaled: scaled ?? false,
    seconds: seconds ?? null,
    energy: thinned(energy.filter(isFinitePoint)),
    classes: classes ?? [],
  };
}

async function searchDocument({ tried, ...search }: SearchInput, clip: Clip): Promise<SearchDocument> {
  const { keep, found, chosen } = search;
  const described = tried.map(async ({ mask, perturbed, size, probability }, i) => ({
    ...(i !== chosen && { mask: packMask(mask), perturbed: await frameSprite(perturbed, clip) }),
    area: size,
    probability,
  }));
  return { keep, found, chosen, tried: await Promise.all(described) };
}

function isFinitePoint({ reward, area, core }: EnergyPoint): boolean {
  return [reward, area, core].every(Number.isFinite);
}

/** At most `MAX_POINTS` evenly spaced points, always including the last. */
function thinned(energy: EnergyPoint[]): EnergyPoint[] {
  return fromFirstToLast(energy.length, MAX_POINTS).map((i) => energy[i]!);
}
