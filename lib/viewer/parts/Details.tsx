import { useRef } from 'preact/hooks';
import { CopyButton } from './CopyButton';

/** Settings that can be unfolded and copied. */
export function Details({ title, values }: { title: string; values: Record<string, unknown> }) {
  const text = JSON.stringify(values, null, 2);
  const pre = useRef<HTMLPreElement>(null);
  // One key is left to press where the clipboard is out of reach.
  const select = () => pre.current && getSelection()?.selectAllChildren(pre.current);
  return (
    <div class="details">
      <details class="panel">
        <summary>{title}</summary>
        <pre ref={pre}>{text}</pre>
      </details>
      <CopyButton text={text} title={title.toLowerCase()} class="corner" onRefused={select} />
    </div>
  );
}
