import { signal } from '@preact/signals';
import type { OptionField, Problem, RunRequest, RunSummary, StudioFacts } from '../../../studio/api';
import { ask, pageId, problemOf, send } from './client';

/** Methods, models and clips; null until they are known. */
export const facts = signal<StudioFacts | null>(null);
/** All runs, the newest first. */
export const runs = signal<RunSummary[]>([]);
/** What went wrong last; null for nothing. */
export const problem = signal<Problem | null>(null);
/** A run that was deleted and can be brought back. */
export const deleted = signal<RunSummary | null>(null);
/** Whether the server listens. */
export const connected = signal(true);

/** Runs something that may fail, and shows how it failed. */
export async function attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    problem.value = null;
    return await work();
  } catch (error) {
    problem.value = problemOf(error);
    return undefined;
  }
}

export async function loadFacts(): Promise<void> {
  facts.value = await ask<StudioFacts>('/api/studio');
}

/** The options of a method. */
export function fieldsOf(method: string): OptionField[] {
  return facts.value?.methods.find(({ name }) => name === method)?.options ?? [];
}

/** The name of a method as it is shown. */
export function labelOf(method: string): string {
  return facts.value?.methods.find(({ name }) => name === method)?.label ?? method;
}

export async function loadRuns(): Promise<void> {
  runs.value = await ask<RunSummary[]>('/api/runs');
}

const AGAIN_MS = 3000;

/** Follows the runs of the server; while it does, the server knows that this page is open. */
export function follow(): () => void {
  const events = new EventSource(`/api/events?page=${pageId}`);
  events.addEventListener('open', () => {
    connected.value = true;
    void attempt(loadRuns);
  });
  let stop = () => events.close();
  events.addEventListener('error', () => {
    connected.value = false;
    // A browser tries again by itself, but not once it is refused: by a studio that was started anew, with another token.
    if (events.readyState !== EventSource.CLOSED) return;
    const later = setTimeout(() => (stop = follow()), AGAIN_MS);
    stop = () => clearTimeout(later);
  });
  events.addEventListener('run', (event) => put(JSON.parse(event.data) as RunSummary));
  events.addEventListener('gone', (event) => drop((JSON.parse(event.data) as { id: string }).id));
  return () => stop();
}

/** Starts a run. */
export async function startRun(request: RunRequest): Promise<RunSummary> {
  const run = await send<RunSummary>('POST', `/api/jobs?page=${pageId}`, request);
  if (!runs.value.some(({ id }) => id === run.id)) put(run); // an event that overtook the answer knows more
  return run;
}

export async function removeRun(run: RunSummary): Promise<void> {
  await ask(`/api/runs/${run.id}`, { method: 'DELETE' });
  drop(run.id);
  deleted.value = run;
}

export async function restoreRun({ id }: RunSummary): Promise<void> {
  put(await ask<RunSummary>(`/api/runs/${id}/restore`, { method: 'POST' }));
  deleted.value = null;
}

export async function renameRun({ id }: RunSummary, title: string): Promise<RunSummary> {
  const renamed = await send<RunSummary>('PATCH', `/api/runs/${id}`, { title });
  put(renamed);
  return renamed;
}

function put(run: RunSummary): void {
  const others = runs.value.filter(({ id }) => id !== run.id);
  runs.value = [...others, run].sort((a, b) => (a.created < b.created ? 1 : -1));
}

function drop(gone: string): void {
  runs.value = runs.value.filter(({ id }) => id !== gone);
}
