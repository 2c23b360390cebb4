import type { ComparisonDocument } from '../../report/page/document';

export function ComparisonPage({ document }: { document: ComparisonDocument; keyboard?: 'focus' | 'page' }) {
  return <main class="page">{document.kind}</main>;
}
