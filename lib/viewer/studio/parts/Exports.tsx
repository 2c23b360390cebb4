import type { RunSummary } from '../../../studio/api';
import { CopyButton } from '../../parts/CopyButton';

const FILES = [
  ['report.html', 'Report'],
  ['sheet.png', 'Sheet'],
  ['overlay.mp4', 'Overlay'],
  ['mask.npy', 'Mask'],
  ['result.json', 'Numbers'],
];

/** The files of a run to save, and the command and the code that make it again. */
export function Exports({ run }: { run: RunSummary }) {
  return (
    <section class="panel" aria-label="Export">
      <h2>Take it with you</h2>
      <p class="buttons">
        {FILES.map(([file, title]) => (
          <a
            key={file}
            class="button"
            href={`/api/runs/${run.id}/files/${file}`}
            download={`${run.id}-${file}`}
          >
            {title}
          </a>
        ))}
      </p>
      {run.command && (
        <>
          <p class="again">
            <code>{run.command}</code>
            <CopyButton text={run.command} title="the command" />
          </p>
          <details>
            <summary>The same in code</summary>
            <pre class="code">{run.code}</pre>
            <CopyButton text={run.code} title="the code" />
          </details>
        </>
      )}
    </section>
  );
}
