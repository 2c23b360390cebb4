import type { BenchDocument } from '../../report/page/document';

export function BenchPage({ document }: { document: BenchDocument; keyboard?: 'focus' | 'page' }) {
  return <main class="page">{document.kind}</main>;
}
