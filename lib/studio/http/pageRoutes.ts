import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { FepError } from '../../errors/fepError';
import type { StudioContext } from './context';

/** The page that Vite builds from lib/viewer/studio, and the hash of the one script in it. */
const PAGE = join(__dirname, '..', '..', 'viewer', 'studio.html');

/**
 *   GET /            the page
 *   GET /api/studio  methods, models, clips and limits
 */
export function pageRoutes(app: FastifyInstance, { facts }: StudioContext): void {
  const { html, policy } = readPage();
  app.get('/', async (_, reply) =>
    reply.header('content-security-policy', policy).type('text/html; charset=utf-8').send(html),
  );
  app.get('/favicon.ico', async (_, reply) => reply.code(204).send());
  app.get('/api/studio', () => facts());
}

function readPage(): { html: string; policy: string } {
  try {
    const html = readFileSync(PAGE, 'utf8');
    const [, policy] = /<meta name="fep-policy" content="([^"]*)">/.exec(html) ?? [];
    if (policy) return { html, policy };
  } catch (cause) {
    throw new FepError('FEP_IO', `${PAGE} cannot be read.`, {
      cause,
      hint: 'Build the pages: npm run build:viewer.',
    });
  }
  throw new FepError('FEP_IO', `${PAGE} is not the studio's page.`, { hint: 'Run npm run build:viewer.' });
}
