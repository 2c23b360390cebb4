import { type ReadonlySignal, signal } from '@preact/signals';
import type { DEFAULT_METHOD as LIBRARY_DEFAULT } from '../../../methods/options';
import type { ClipChoice } from '../../../studio/api';

/** The library's; its type alone is imported, to keep the schemas out of the page. */
export const DEFAULT_METHOD: typeof LIBRARY_DEFAULT = 'f-ep';

/** What the form of a new run holds; every part may be open. */
export interface Question {
  clip: ClipChoice;
  model: string;
  method: string;
  /** Empty: the class that the model predicts. */
  targets: string[];
  /** As typed. */
  options: Record<string, string>;
}

/** What the page shows, as its address says. */
export type View =
  | { name: 'new'; question: Partial<Question> }
  | { name: 'run'; id: string }
  | { name: 'runs' }
  | { name: 'compare'; ids: string[] };

const current = signal<View>(read());
/** The view that the address names. */
export const view: ReadonlySignal<View> = current;
addEventListener('hashchange', () => {
  current.value = read();
});

export function hrefOf(to: View): string {
  switch (to.name) {
    case 'new':
      return `#/new?${encodeURIComponent(JSON.stringify(to.question))}`;
    case 'run':
      return `#/run/${to.id}`;
    case 'runs':
      return '#/runs';
    case 'compare':
      return `#/compare/${to.ids.join(',')}`;
  }
}

export function go(to: View): void {
  location.hash = hrefOf(to);
}

/** Keeps the form in the address without a step of the history for every key. */
export function remember(question: Partial<Question>): void {
  history.replaceState(null, '', hrefOf({ name: 'new', question }));
}

function read(): View {
  const [, name, rest = ''] = /^#\/(\w+)[/?]?(.*)$/s.exec(location.hash) ?? [];
  if (name === 'run') return { name, id: rest };
  if (name === 'runs') return { name };
  if (name === 'compare') return { name, ids: rest.split(',').filter(Boolean) };
  return { name: 'new', question: questionIn(rest) };
}

function questionIn(text: string): Partial<Question> {
  try {
    return JSON.parse(decodeURIComponent(text)) as Partial<Question>;
  } catch {
    return {}; // an address that was cut off
  }
}
