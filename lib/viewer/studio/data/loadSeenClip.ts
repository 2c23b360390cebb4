import type { ClipDocument } from '../../../report/page/document';
import type { ClipAnswer, ClipChoice, ModelFacts } from '../../../studio/api';
import { type LoadedClip, loadClip } from '../../data/load';
import { send } from './client';

/** A clip as a model sees it, ready to draw. */
export interface SeenClip {
  document: ClipDocument;
  clip: LoadedClip;
  model: ModelFacts;
  /** The true class, where a data set says it. */
  label: string | null;
}

export async function loadSeenClip(clip: ClipChoice, model: string): Promise<SeenClip> {
  const answer = await send<ClipAnswer>('POST', '/api/clip', { clip, model });
  const { clip: document, model: facts, label } = answer;
  return { document, clip: await loadClip(document), model: facts, label };
}
