import type { VideoModel } from '../model/videoModel';
import type { ClassBars } from '../report/page/document';
import type { MaskExplanation } from './types';

const SHOWN = 5;

/** The classes that are most probable on the clip or on what the mask keeps; the target always among them. */
export function topClasses(
  { original, explained }: MaskExplanation['probabilities'],
  target: number,
  model: Pick<VideoModel, 'className'>,
): ClassBars[] {
  const most = (i: number) => (i === target ? 2 : Math.max(original[i]!, explained[i]!));
  return [...original.keys()]
    .sort((a, b) => most(b) - most(a))
    .slice(0, SHOWN)
    .map((i) => ({ name: model.className(i), original: original[i]!, explained: explained[i]! }))
    .sort((a, b) => b.original - a.original);
}
