// The script of the page template of `report.html` and the other pages: shows the embedded document.
import type { ViewerDocument } from '../report/page/document';
import { mountViewer } from './index.mjs';

const holder = document.getElementById('fep-document');
const app = document.getElementById('app');
if (holder?.textContent && app) {
  mountViewer(app, JSON.parse(holder.textContent) as ViewerDocument, { keyboard: 'page' });
}
