import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';

/** Settings that can be unfolded and copied. */
export function Details({ title, values }: { title: string; values: Record<string, unknown> }) {
  const text = JSON.stringify(values, null, 2);
  const pre = useRef<HTMLPreElement>(null);
  const copied = useSignal(false);
  const copy = async () => {
    copied.value = await copyText(text, pre.current);
    setTimeout(() => {
      copied.value = false;
    }, 2000);
  };
  return (
    <details class="panel">
      <summary>{title}</summary>
      <button type="button" class="copy" onClick={copy} aria-label={`Copy ${title.toLowerCase()}`}>
        {copied.value ? 'Copied' : 'Copy'}
      </button>
      <span class="unseen" role="status">
        {copied.value ? `${title} copied` : ''}
      </span>
      <pre ref={pre}>{text}</pre>
    </details>
  );
}

/** Copies a text; where the clipboard is out of reach, selects it, so that one key is left to press. */
async function copyText(text: string, shown: HTMLElement | null): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    if (shown) getSelection()?.selectAllChildren(shown);
    return false;
  }
}
