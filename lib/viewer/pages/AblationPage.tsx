import type { AblationDocument } from '../../report/page/document';

export function AblationPage({ document }: { document: AblationDocument; keyboard?: 'focus' | 'page' }) {
  return <main class="page">{document.kind}</main>;
}
