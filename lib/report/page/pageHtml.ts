import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FepError } from '../../errors/fepError';
import { escapeHtml } from '../escape';
import type { ViewerDocument } from './document';

/** The page that Vite builds from lib/viewer. */
const TEMPLATE = join(__dirname, '..', '..', 'viewer', 'page.html');
/** The template's placeholders for the title and the document. */
const TITLE = '<title></title>';
const PLACE = '<script type="application/json" id="fep-document"></script>';

/**
 * Renders a document as a self-contained HTML file that opens from disk without network requests.
 *
 * @throws FepError `FEP_IO` when the viewer has not been built
 */
export function pageHtml(title: string, document: ViewerDocument): string {
  const template = readTemplate();
  // Escaped, so that nothing in the document can close the script element or open another.
  const json = JSON.stringify(document).replace(/[<>&\u2028\u2029]/g, escapeCharacter);
  const filled = PLACE.replace('></', () => `>${json}</`);
  return template.replace(TITLE, () => `<title>${escapeHtml(title)}</title>`).replace(PLACE, () => filled);
}

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function readTemplate(): string {
  try {
    return readFileSync(TEMPLATE, 'utf8');
  } catch (error) {
    throw new FepError('FEP_IO', `The viewer's page is not at ${TEMPLATE}.`, {
      cause: error,
      hint: 'In a clone run `npm run build:viewer`; otherwise reinstall fep-native.',
    });
  }
}
