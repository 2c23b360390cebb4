import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { FepError, type FepErrorCode } from '../../errors/fepError';
import { residentMegabytes } from '../../system/residentMegabytes';
import type { ModelFacts, Problem, ProgressFrame } from '../api';
import type { FromHost, HostCall, HostCalls, ToHost } from '../host/messages';

const MAIN = join(__dirname, '..', 'host', 'main.js');
const POLL_MS = 200;
/** How long a call may go on after it was ended: a model that loops never answers. */
const PATIENCE_MS = { keep: 120_000, cancel: 20_000 };
/** An import of another library's model takes minutes. */
const LOAD_MS = 900_000;

export type OnProgress = (progress: ProgressFrame, mask: Uint8Array | undefined) => void;

/** What a model's process may take. */
export interface ProcessLimits {
  /** MB. */
  memory: number;
  /** Of a call other than a run, seconds. */
  call: number;
}

interface Pending {
  call: HostCall;
  resolve(answer: HostCalls[HostCall]['answer']): void;
  reject(error: Error): void;
  onProgress: OnProgress | undefined;
}

/** How a call is watched and ended. */
export interface CallWatch {
  onProgress?: OnProgress;
  /** Given a function that ends the call. */
  onStart?: (stop: (keep: boolean) => void) => void;
}

/**
 * A model in a process of its own. One that loops, takes too much memory or crashes ends its process, and the calls that
 * waited for it; the server and other models go on.
 */
export class ModelProcess {
  private readonly child: ChildProcess;
  private readonly pending = new Map<number, Pending>();
  private readonly watch: NodeJS.Timeout;
  private next = 0;
  private ended: FepError | undefined;
  private last = '';
  /** When a run began, or was last heard of. */
  private progressed = 0;
  /** What the model says of itself, once it is loaded. */
  readonly facts: Promise<ModelFacts>;

  /** @param model as `loadModel` takes it; @param onIdle called when the last call has been answered */
  constructor(
    readonly model: string,
    private readonly limits: ProcessLimits,
    private readonly onIdle: () => void,
  ) {
    this.child = fork(MAIN, [], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      execArgv: [],
    });
    this.child.on('message', (message: FromHost) => this.hear(message));
    this.child.stderr?.on('data', (chunk: Buffer) => {
      this.last = (this.last + chunk).slice(-2000);
    });
    this.child.once('error', (error) => this.end(failed(error.message)));
    this.child.once('exit', (code, signal) => this.end(crashed(signal ?? `exit code ${code}`, this.last)));
    this.watch = setInterval(() => this.checkMemory(limits.memory), POLL_MS);
    this.watch.unref();
    this.facts = this.ask('load', { model });
    this.facts.catch(() => this.dispose());
    const late = setTimeout(() => this.kill(neverAnswered('loaded')), LOAD_MS);
    late.unref();
    this.facts.finally(() => clearTimeout(late)).catch(() => undefined);
  }

  get isEnded(): boolean {
    return this.ended !== undefined;
  }

  get isBusy(): boolean {
    return this.pending.size > 0;
  }

  ask<Call extends HostCall>(
    call: Call,
    ask: HostCalls[Call]['ask'],
    { onProgress, onStart }: CallWatch = {},
  ): Promise<HostCalls[Call]['answer']> {
    if (this.ended) return Promise.reject(this.ended);
    const id = this.next++;
    const answer = new Promise<HostCalls[HostCall]['answer']>((resolve, reject) => {
      this.pending.set(id, { call, resolve, reject, onProgress });
    });
    this.say({ id, call, ask } as ToHost);
    onStart?.((keep) => this.stop(id, keep));
    if (call === 'explain') this.progressed = Date.now();
    if (call !== 'load' && call !== 'explain')
      this.facts.then(() => this.setDeadline(id)).catch(() => undefined);
    return answer as Promise<HostCalls[Call]['answer']>;
  }

  /** Ends the process; what waits for it fails. */
  dispose(): void {
    this.kill(new FepError('FEP_DISPOSED', 'The model was unloaded.', { hint: 'Ask again.' }));
  }

  private kill(why: FepError): void {
    this.end(why);
    this.child.kill('SIGKILL');
  }

  private stop(id: number, keep: boolean): void {
    this.say({ id, call: 'stop', keep });
    const late = () => this.pending.has(id) && this.kill(neverAnswered('stopped'));
    setTimeout(late, keep ? PATIENCE_MS.keep : PATIENCE_MS.cancel).unref();
  }

  /** A page that has gone does not end its call, and a model that loops never does. */
  private setDeadline(id: number): void {
    setTimeout(() => this.endLate(id), this.limits.call * 1000).unref();
  }

  /** The call fails; the process lives on while a run in it does. */
  private endLate(id: number): void {
    const late = this.pending.get(id);
    if (!late) return;
    const why = tookTooLong(this.limits.call);
    if (!this.hasRunBeside(id)) {
      this.kill(why);
      return;
    }
    late.reject(why);
    this.setDeadline(id);
  }

  /** A run which the call may have waited for, or which goes on. One that began later and stands still waits for the call. */
  private hasRunBeside(late: number): boolean {
    const goesOn = Date.now() - this.progressed < this.limits.call * 1000;
    return [...this.pending].some(([id, { call }]) => call === 'explain' && (id < late || goesOn));
  }

  private say(message: ToHost): void {
    if (this.child.connected) this.child.send(message, () => undefined); // an error is followed by the exit
  }

  private hear(message: FromHost): void {
    const pending = this.pending.get(message.id);
    if (!pending) return;
    if (message.type === 'progress') {
      this.progressed = Date.now();
      pending.onProgress?.(message.progress, message.mask);
      return;
    }
    this.pending.delete(message.id);
    if (message.type === 'answer') pending.resolve(message.answer);
    else pending.reject(errorOf(message.problem));
    if (!this.isBusy) this.onIdle();
  }

  private end(error: FepError): void {
    if (this.ended) return;
    this.ended = error;
    clearInterval(this.watch);
    for (const { reject } of this.pending.values()) reject(error);
    this.pending.clear();
  }

  private checkMemory(limit: number): void {
    if (residentMegabytes(this.child.pid) <= limit) return;
    this.kill(outOfMemory(limit));
  }
}

function errorOf({ code, message, hint }: Problem): FepError {
  return new FepError(code as FepErrorCode, message, hint === undefined ? {} : { hint });
}

function failed(why: string): FepError {
  return new FepError('FEP_INTERNAL', `The model's process could not be started: ${why}`, {
    hint: 'Free memory or processes of this machine, and ask again.',
  });
}

function crashed(how: string, said: string): FepError {
  const last = said.trim().split('\n').at(-1);
  return new FepError('FEP_MODEL_RUN', `The model's process ended (${how})${last ? `: ${last}` : '.'}`, {
    hint: 'Ask again; if it happens once more, do not use this model.',
  });
}

function neverAnswered(what: string): FepError {
  return new FepError('FEP_MODEL_RUN', `The model never ${what}, and its process was ended.`, {
    hint: 'Ask again; if it happens once more, do not use this model.',
  });
}

function tookTooLong(seconds: number): FepError {
  return new FepError('FEP_MODEL_RUN', `The model did not answer within ${seconds} s, and was given up.`, {
    hint: 'Choose another model or a shorter clip, or start the studio with a higher --call-limit.',
  });
}

function outOfMemory(limit: number): FepError {
  return new FepError('FEP_OUT_OF_MEMORY', `The model took more than ${limit} MB and was ended.`, {
    hint: 'Choose a smaller model or fewer areas, or start the studio with a higher --memory-limit.',
  });
}
