import type { ExplainOptions } from '../../methods/options';
import type { PerturbationName } from '../../methods/perturbation';
import type {
  ClipAnswer,
  FilmstripAnswer,
  ModelFacts,
  PerturbedAnswer,
  PredictionAnswer,
  Problem,
  ProgressFrame,
  RunResult,
  SpectrumAnswer,
} from '../api';
import type { HostClip } from '../clips/clipLibrary';

/** What a model's process can be asked. */
export interface HostCalls {
  load: { ask: { model: string }; answer: ModelFacts };
  clip: { ask: { clip: HostClip }; answer: ClipAnswer };
  predict: { ask: { clip: HostClip }; answer: PredictionAnswer };
  perturbed: {
    ask: { clip: HostClip; mask: Uint8Array; perturbation: PerturbationName };
    answer: PerturbedAnswer;
  };
  filmstrip: { ask: { path: string }; answer: FilmstripAnswer };
  spectrum: { ask: { clip: HostClip; options: ExplainOptions }; answer: SpectrumAnswer };
  explain: {
    ask: { clip: HostClip; options: ExplainOptions; folder: string };
    answer: { result: RunResult; stopped: boolean };
  };
}

export type HostCall = keyof HostCalls;

/** From the server: a call, or the end of one. `keep`: with the mask as it is. */
export type ToHost =
  | { [Call in HostCall]: { id: number; call: Call; ask: HostCalls[Call]['ask'] } }[HostCall]
  | { id: number; call: 'stop'; keep: boolean };

/** From the model's process. */
export type FromHost =
  | { id: number; type: 'answer'; answer: HostCalls[HostCall]['answer'] }
  | { id: number; type: 'problem'; problem: Problem }
  | { id: number; type: 'progress'; progress: ProgressFrame; mask?: Uint8Array | undefined };
