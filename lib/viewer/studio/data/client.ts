import type { Problem } from '../../../studio/api';

/** An answer that says what went wrong. */
export class ProblemError extends Error {
  /** @param status of the answer; 0 without one */
  constructor(
    readonly problem: Problem,
    readonly status = 0,
  ) {
    super(problem.message);
  }
}

const GONE: Problem = {
  code: 'FEP_IO',
  message: 'The studio does not answer.',
  hint: 'Start it again with npx fep-native studio, and open the address that it prints.',
};

/** Asks the server. @throws ProblemError */
export async function ask<Answer>(path: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(path, init).catch(() => {
    throw new ProblemError(GONE);
  });
  if (!response.ok) throw new ProblemError(await problemIn(response), response.status);
  return (response.status === 204 ? undefined : await response.json()) as Answer;
}

/** Sends JSON. */
export function send<Answer>(method: 'POST' | 'PATCH', path: string, body: unknown): Promise<Answer> {
  const headers = { 'content-type': 'application/json' };
  return ask<Answer>(path, { method, headers, body: JSON.stringify(body) });
}

export function problemOf(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  return { code: 'FEP_INTERNAL', message: String(error), hint: 'Reload the page.' };
}

async function problemIn(response: Response): Promise<Problem> {
  const body = (await response.json().catch(() => undefined)) as { error?: Problem } | undefined;
  return body?.error ?? { ...GONE, message: `The studio answered ${response.status}.` };
}

const KEY = 'fep-page';

/** The same for one tab, however often it is loaded: the server ends a page's runs when the page has gone. */
export const pageId: string = (() => {
  const known = sessionStorage.getItem(KEY) ?? crypto.randomUUID();
  sessionStorage.setItem(KEY, known);
  return known;
})();
