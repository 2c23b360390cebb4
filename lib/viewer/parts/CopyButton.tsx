import { useSignal } from '@preact/signals';

interface CopyButtonProps {
  text: string;
  /** Describes what is copied. */
  title: string;
  /** Label of the button. */
  shown?: string;
  class?: string;
  /** Called when the clipboard is not accessible. */
  onRefused?: () => void;
}

/** Copies text to the clipboard and confirms it for two seconds. */
export function CopyButton({ text, title, shown = 'Copy', class: name = '', onRefused }: CopyButtonProps) {
  const copied = useSignal(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      copied.value = true;
    } catch {
      onRefused?.();
    }
    setTimeout(() => {
      copied.value = false;
    }, 2000);
  };
  return (
    <>
      <button
        type="button"
        class={`copy ${name}`}
        onClick={copy}
        aria-label={`${copied.value ? 'Copied' : 'Copy'} ${title}`}
        title={text.slice(0, 300)}
      >
        {copied.value ? 'Copied' : shown}
      </button>
      <span class="unseen" role="status">
        {copied.value ? `Copied ${title}` : ''}
      </span>
    </>
  );
}
