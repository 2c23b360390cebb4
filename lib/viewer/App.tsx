import type { ViewerDocument } from '../report/page/document';
import { AblationPage } from './pages/AblationPage';
import { BenchPage } from './pages/BenchPage';
import { ComparisonPage } from './pages/ComparisonPage';
import { ExplanationPage } from './pages/ExplanationPage';

interface AppProps {
  document: ViewerDocument;
  keyboard: 'focus' | 'page';
}

/** The page for the document's kind. */
export function App({ document, keyboard }: AppProps) {
  switch (document.kind) {
    case 'explanation':
      return <ExplanationPage document={document} keyboard={keyboard} />;
    case 'comparison':
      return <ComparisonPage document={document} keyboard={keyboard} />;
    case 'bench':
      return <BenchPage document={document} />;
    case 'ablation':
      return <AblationPage document={document} />;
  }
}
