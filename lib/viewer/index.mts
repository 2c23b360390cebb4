/** `fep-native/viewer`: shows explanations in one's own page. */
import { h, render } from 'preact';
import type { ViewerDocument } from '../report/page/document.js';
import { App } from './App';
import style from './style.css?inline';

export type * from '../report/page/document.js';

export interface ViewerOptions {
  /** Colours; default `auto`, as the reader's system has them. */
  theme?: 'auto' | 'light' | 'dark';
  /**
   * When space, arrows, Home and End move the clip: while the focus is inside the viewer (`focus`, the default), or
   * wherever it is (`page`).
   */
  keyboard?: 'focus' | 'page';
}

export interface Viewer {
  /** Takes the viewer out of the page and stops what plays. */
  dispose(): void;
}

/**
 * Shows a document inside an element, which then belongs to the viewer. It works without a network, needs no style of
 * the page around it, and keeps its own to itself.
 *
 * @param element empty, in the page or in a shadow root
 * @param document as `viewerDocument`, `comparisonDocument` or a saved `viewer.json` has it
 */
export function mountViewer(
  element: HTMLElement,
  document: ViewerDocument,
  { theme = 'auto', keyboard = 'focus' }: ViewerOptions = {},
): Viewer {
  addStyle(element.getRootNode());
  element.classList.add('fep-viewer');
  element.dataset.theme = theme;
  render(h(App, { document, keyboard }), element);
  return {
    dispose() {
      render(null, element);
      element.classList.remove('fep-viewer');
    },
  };
}

const STYLE_ID = 'fep-viewer-style';

/** Once for a page or shadow root, however many viewers it holds. */
function addStyle(root: Node): void {
  const place = root instanceof ShadowRoot ? root : document.head;
  if (place.querySelector(`#${STYLE_ID}`)) return;
  const sheet = document.createElement('style');
  sheet.id = STYLE_ID;
  sheet.textContent = style;
  place.append(sheet);
}
