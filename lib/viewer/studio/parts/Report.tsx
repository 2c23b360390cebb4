import type { ExplanationDocument } from '../../../report/page/document';
import { ExplanationPage } from '../../pages/ExplanationPage';
import { ask } from '../data/client';
import { useAnswer } from '../data/useAnswer';
import { ProblemNote } from './ProblemNote';

/** The report of a run, in place. */
export function Report({ id }: { id: string }) {
  const { answer, problem } = useAnswer(() => ask<ExplanationDocument>(`/api/runs/${id}/document`), id);
  if (problem) return <ProblemNote problem={problem} />;
  return answer ? <ExplanationPage document={answer} keyboard="page" /> : <p class="loading">Loading …</p>;
}
