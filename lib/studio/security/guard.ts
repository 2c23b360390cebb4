import type { IncomingHttpHeaders } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '../http/problem';
import { allowedHosts, nameOfHost } from './hosts';
import { isSameSecret } from './secrets';

/** How those who may ask are known. */
export interface Access {
  host: string;
  token: string;
  password?: string | undefined;
}

/** Slows down guessing. */
const WRONG_PASSWORD_MS = 500;

/** Refuses what comes from elsewhere or from someone without the token, before anything else is done with it. */
export function guard(app: FastifyInstance, access: Access): void {
  const hosts = allowedHosts(access.host);
  app.addHook('onRequest', async (request, reply) => {
    requireHost(request.headers, hosts);
    requireSameOrigin(request.headers);
    await requireSecret(request, reply, access);
  });
}

function requireHost({ host }: IncomingHttpHeaders, hosts: ReadonlySet<string>): void {
  const name = nameOfHost(host);
  if (name !== undefined && hosts.has(name)) return;
  throw new Refusal(
    421,
    `This server does not answer for the host ${JSON.stringify(host ?? '')}.`,
    'Open the address that the command line printed.',
  );
}

/** A page of another origin may send requests, though not read the answers: none of its requests does anything. */
function requireSameOrigin(headers: IncomingHttpHeaders): void {
  const { origin, host } = headers;
  const site = headers['sec-fetch-site'];
  const isForeign = origin !== undefined && origin !== `http://${host}`;
  const isLink = origin === undefined && headers['sec-fetch-mode'] === 'navigate'; // a click, whose token is checked
  if (!isForeign && (isLink || (site !== 'cross-site' && site !== 'same-site'))) return;
  throw new Refusal(
    403,
    'The request comes from a page of another site.',
    'Open the address that the command line printed.',
  );
}

async function requireSecret(request: FastifyRequest, reply: FastifyReply, access: Access): Promise<void> {
  const { headers } = request;
  const cookie = cookieName(headers);
  const { token } = request.query as { token?: unknown };
  const given = typeof token === 'string' ? token : (bearer(headers) ?? cookieOf(headers, cookie));
  if (isSameSecret(given, access.token)) {
    // So that pictures and downloads need no token in their addresses.
    if (typeof token === 'string')
      reply.header('set-cookie', `${cookie}=${token}; HttpOnly; SameSite=Strict; Path=/`);
    return;
  }
  if (access.password === undefined) throw noToken();
  await requirePassword(headers, reply, access.password);
}

async function requirePassword(
  headers: IncomingHttpHeaders,
  reply: FastifyReply,
  password: string,
): Promise<void> {
  const given = basicPassword(headers);
  if (isSameSecret(given, password)) return;
  if (given !== undefined) await sleep(WRONG_PASSWORD_MS);
  reply.header('www-authenticate', 'Basic realm="fep-native studio", charset="UTF-8"');
  throw new Refusal(401, 'The password is missing or wrong.', 'Ask whoever started the studio for it.');
}

function noToken(): Refusal {
  return new Refusal(
    401,
    'The address has no token, or a wrong one.',
    'Open the whole address that `fep-native studio` printed, with ?token=… at its end.',
  );
}

/** Browsers send cookies to every port of a host; the port in the name keeps two studios apart. */
function cookieName({ host }: IncomingHttpHeaders): string {
  return `fep-studio-${/:(\d+)$/.exec(host ?? '')?.[1] ?? '80'}`;
}

function cookieOf({ cookie }: IncomingHttpHeaders, name: string): string | undefined {
  const pairs = cookie?.split(/;\s*/) ?? [];
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
}

function bearer({ authorization }: IncomingHttpHeaders): string | undefined {
  return /^Bearer (\S+)$/.exec(authorization ?? '')?.[1];
}

function basicPassword({ authorization }: IncomingHttpHeaders): string | undefined {
  const [, encoded] = /^Basic ([A-Za-z0-9+/=]+)$/.exec(authorization ?? '') ?? [];
  if (encoded === undefined) return undefined;
  return Buffer.from(encoded, 'base64')
    .toString('utf8')
    .replace(/^[^:]*:/, '');
}
