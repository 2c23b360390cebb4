import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FepError } from '../../errors/fepError';
import { escapeHtml } from '../escape';
import type { ViewerDocument } from './document';

/** What Vite made of lib/viewer. */
const TEMPLATE = join(__dirname, '..', '..', 'viewer', 'page.html');
/** Where the template has the title, and where the document goes. */
const TITLE = '<title></title>';
const PLACE = '<script type="application/json" id="fep-document"></script>';

/**
 * A document as one HTML file that opens from disk, without a single request.
 *
 * @throws FepError `FEP_IO` when the viewer has not been built
 */
export function pageHtml(title: string, document: ViewerDocument): string {
  const template = readTemplate();
  // Nothing in a document can end its element or begin another one.
  const json = JSON.stringify(document).replace(/[<>&\u2028\u2029]/g, escaped);
  const filled = PLACE.replace('></', () => `>${json}</`);
  return template.replace(TITLE, () => `<title>${escapeHtml(title)}</title>`).replace(PLACE, () => filled);
}

function escaped(sign: string): string {
  return `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function readTemplate(): string {
  try {
    return readFileSync(TEMPLATE, 'utf8');
  } catch (error) {
    throw new FepError('FEP_IO', `The viewer's page is not at ${TEMPLATE}.`, {
      cause: error,
      hint: 'In a clone run `npm run build:viewer`; otherwise install fep-native anew.',
    });
  }
}
