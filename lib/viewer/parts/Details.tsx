import { useRef } from 'preact/hooks';
import { CopyButton } from './CopyButton';

/** Collapsible, copyable settings. */
export function Details({ title, values }: { title: string; values: Record<string, unknown> }) {
  const text = JSON.stringify(values, null, 2);
  const pre = useRef<HTMLPreElement>(null);
  // Without clipboard access, the text is selected so that Ctrl-C copies it.
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
