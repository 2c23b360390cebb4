// The process of one model: whatever a model file or a clip does to it, the server goes on.

import { FepError } from '../../errors/fepError';
import { loadModel } from '../../model/loadModel';
import type { VideoModel } from '../../model/videoModel';
import { problemOf } from '../http/problem';
import { explainCall } from './explainCall';
import { filmstripCall } from './filmstripCall';
import type { FromHost, HostCall, HostCalls, ToHost } from './messages';
import { clipCall, factsOf, perturbedCall, predictCall } from './modelCalls';
import { spectrumCall } from './spectrumCall';

/** Runs that can be ended, by the id of their call. */
const running = new Map<number, { stop: AbortController; keep: boolean }>();
let model: VideoModel | undefined;

function say(message: FromHost): void {
  process.send?.(message);
}

function loaded(): VideoModel {
  if (model) return model;
  throw new FepError('FEP_DISPOSED', 'The model is not loaded.');
}

async function answerTo(message: Exclude<ToHost, { call: 'stop' }>): Promise<HostCalls[HostCall]['answer']> {
  switch (message.call) {
    case 'load':
      model = await loadModel(message.ask.model);
      return factsOf(model);
    case 'clip':
      return clipCall(loaded(), message.ask);
    case 'predict':
      return predictCall(loaded(), message.ask);
    case 'perturbed':
      return perturbedCall(loaded(), message.ask);
    case 'filmstrip':
      return filmstripCall(message.ask);
    case 'spectrum':
      return spectrumCall(loaded(), message.ask);
    case 'explain':
      return explain(message.id, message.ask);
  }
}

async function explain(id: number, ask: HostCalls['explain']['ask']) {
  const run = { stop: new AbortController(), keep: false };
  running.set(id, run);
  try {
    return await explainCall(loaded(), ask, {
      signal: run.stop.signal,
      keeps: () => run.keep,
      tell: (progress, mask) => say({ id, type: 'progress', progress, mask }),
    });
  } finally {
    running.delete(id);
  }
}

function stop({ id, keep }: Extract<ToHost, { call: 'stop' }>): void {
  const run = running.get(id);
  if (!run) return;
  run.keep = keep;
  run.stop.abort(new FepError('FEP_ABORTED', 'The run was stopped.'));
}

process.on('message', (message: ToHost) => {
  if (message.call === 'stop') return stop(message);
  const { id } = message;
  answerTo(message).then(
    (answer) => say({ id, type: 'answer', answer }),
    (error: unknown) => say({ id, type: 'problem', problem: problemOf(error) }),
  );
});
process.on('disconnect', () => {
  // The server is gone. What is written half is removed on exit; then a model that loops would be waited for.
  process.on('exit', () => process.kill(process.pid, 'SIGKILL'));
  process.exit();
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined); // the server decides
