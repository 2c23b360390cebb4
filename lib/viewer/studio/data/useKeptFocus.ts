import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';

/**
 * Keeps the keyboard's place: where the element that has the focus goes away, as a button does with its view, the focus goes to
 * the nearest element around it that is still there, rather than to the beginning of the page.
 */
export function useKeptFocus(root: RefObject<HTMLElement>): void {
  useEffect(() => {
    const view = root.current!;
    let around: HTMLElement[] = [];
    const remember = ({ target }: FocusEvent) => {
      around = elementsAround(target as HTMLElement, view);
    };
    const observer = new MutationObserver(() => {
      if (document.activeElement !== document.body || around[0]?.isConnected !== false) return;
      const nearest = around.find(({ isConnected }) => isConnected)!; // the root is
      if (!nearest.hasAttribute('tabindex')) nearest.tabIndex = -1;
      nearest.focus({ preventScroll: true });
    });
    view.addEventListener('focusin', remember);
    observer.observe(view, { childList: true, subtree: true });
    return () => {
      observer.disconnect();
      view.removeEventListener('focusin', remember);
    };
  }, []);
}

/** An element, and those that it lies in, up to the root. */
function elementsAround(element: HTMLElement, root: HTMLElement): HTMLElement[] {
  const around = [element];
  for (let parent = element.parentElement; parent && parent !== root; parent = parent.parentElement)
    around.push(parent);
  return [...around, root];
}
