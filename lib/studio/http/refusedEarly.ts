import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ALL_HEADERS } from '../security/headers';
import { problemOf, Refusal } from './problem';

const UNREADABLE = new Refusal(400, 'The address cannot be read.', 'Open the first page of the studio.');
const TOO_LONG = new Refusal(414, 'The address is too long.', 'Open the first page of the studio.');
const NO_HTTP = new Refusal(400, 'The request is not HTTP.', 'Ask with a browser.');
const TOO_MUCH = new Refusal(
  431,
  'The head of the request is too long.',
  'Shorten the address or the headers.',
);
const TOO_SLOW = new Refusal(408, 'The request did not come to its end.', 'Send it again.');

const REASONS: Record<number, string> = {
  400: 'Bad Request',
  408: 'Request Timeout',
  431: 'Request Header Fields Too Large',
};

/** Of an address that leads to no route: hooks and the handler of errors are not asked, which would do the same. */
export function refuseAddress(
  error: Error & { code?: string },
  _: FastifyRequest,
  reply: FastifyReply,
): void {
  const refusal = error.code === 'FST_ERR_MAX_PARAM_LENGTH' ? TOO_LONG : UNREADABLE;
  reply
    .code(refusal.status)
    .headers(ALL_HEADERS)
    .send({ error: problemOf(refusal) });
}

/** Of bytes that Node takes for no request: there is nothing to reply to but the connection. */
export function refuseConnection(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable || isAnswered(socket)) {
    socket.destroy();
    return;
  }
  const refusal = refusalOf(error.code);
  const body = JSON.stringify({ error: problemOf(refusal) });
  const headers = {
    ...ALL_HEADERS,
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const head = [`HTTP/1.1 ${refusal.status} ${REASONS[refusal.status]}`, ...lines].join('\r\n');
  socket.end(`${head}\r\n\r\n${body}`);
}

/** Whether an answer has begun, amid which another one would be read as a part of it. */
function isAnswered(socket: Socket): boolean {
  const { _httpMessage: answer } = socket as { _httpMessage?: ServerResponse };
  return answer?.headersSent === true;
}

function refusalOf(code: string | undefined): Refusal {
  if (code === 'HPE_HEADER_OVERFLOW') return TOO_MUCH;
  return code === 'ERR_HTTP_REQUEST_TIMEOUT' ? TOO_SLOW : NO_HTTP;
}
