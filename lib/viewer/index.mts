/** `fep-native/viewer`: shows explanations in any web page. */
import { h, render } from 'preact';
import type { ViewerDocument } from '../report/page/document.js';
import { App } from './App';
import style from './style.css?inline';

export type * from '../report/page/document.js';

export interface ViewerOptions {
  /** Colour scheme; default `auto`, as the system is set. */
  theme?: 'auto' | 'light' | 'dark';
  /**
   * When Space, the arrow keys, Home and End control the clip: only while the focus is inside the viewer (`focus`, the
   * default), or always (`page`).
   */
  keyboard?: 'focus' | 'page';
}

export interface Viewer {
  /** Removes the viewer from the page and stops playback. */
  dispose(): void;
}

/**
 * Shows a document inside an element, which the viewer then owns. It needs no network access and no styles of the page,
 * and its own styles do not affect the page.
 *
 * @param element an empty element, in the page or in a shadow root
 * @param document from `viewerDocument`, `comparisonDocument` or a saved `viewer.json`
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

/** Adds the style sheet once per page or shadow root. */
function addStyle(root: Node): void {
  const place = root instanceof ShadowRoot ? root : document.head;
  if (place.querySelector(`#${STYLE_ID}`)) return;
  const sheet = document.createElement('style');
  sheet.id = STYLE_ID;
  sheet.textContent = style;
  place.append(sheet);
}
