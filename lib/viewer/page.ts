// The page that `report.html` and its like are made from: shows the document that was put into it.
import type { ViewerDocument } from '../report/page/document';
import { mountViewer } from './index.mjs';

const holder = document.getElementById('fep-document');
const app = document.getElementById('app');
if (holder?.textContent && app) {
  mountViewer(app, JSON.parse(holder.textContent) as ViewerDocument, { keyboard: 'page' });
}
