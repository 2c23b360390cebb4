import { join, resolve } from 'node:path';
import Fastify, { type FastifyInstance } from 'fastify';
import { FepError } from '../errors/fepError';
import { packageVersion } from '../package/version';
import { ClipLibrary } from './clips/clipLibrary';
import { DataLibrary } from './clips/dataLibrary';
import { Filmstrips } from './clips/filmstrips';
import type { StudioContext } from './http/context';
import { dataRoutes } from './http/dataRoutes';
import { noFolder } from './http/diskProblem';
import { eventRoutes } from './http/eventRoutes';
import { jobRoutes } from './http/jobRoutes';
import { pageRoutes } from './http/pageRoutes';
import { predictRoutes } from './http/predictRoutes';
import { problemOf, Refusal, statusOf } from './http/problem';
import { refuseAddress, refuseConnection } from './http/refusedEarly';
import { runRoutes } from './http/runRoutes';
import { uploadRoutes } from './http/uploadRoutes';
import { JobQueue } from './jobs/jobQueue';
import { Presence } from './jobs/presence';
import { methodCards } from './methodCards';
import { ModelLibrary } from './models/modelLibrary';
import { ModelPool } from './models/modelPool';
import { type StudioOptions, type StudioSettings, studioSettings } from './options';
import { holdFolder } from './runs/holdFolder';
import { RunFolder } from './runs/runFolder';
import { Spectra } from './runs/spectra';
import { guard } from './security/guard';
import { addHeaders } from './security/headers';
import { isLoopback } from './security/hosts';
import { newToken } from './security/secrets';
import { Uploads } from './uploads/uploads';

/** A studio that listens. */
export interface Studio {
  /** With the token that lets a page in; of a studio with a password, without one. */
  address: string;
  /** Ends what is at work, and the models' processes. */
  close(): Promise<void>;
}

const ROUTES = [pageRoutes, uploadRoutes, dataRoutes, predictRoutes, jobRoutes, eventRoutes, runRoutes];

/**
 * Serves the studio: a page where a clip is explained by hand, and watched while it is.
 *
 * @throws FepError `FEP_USAGE` for wrong options, an address that others reach without a password, a port that is taken, or a
 *   folder that another studio has; `FEP_IO`
 */
export async function createStudio(options: StudioOptions = {}): Promise<Studio> {
  const settings = studioSettings(options);
  const { host, port, password } = settings;
  requirePassword(settings);
  const { context, letGo } = await createContext(settings);
  const app = Fastify({
    forceCloseConnections: true,
    bodyLimit: 2 ** 20,
    frameworkErrors: refuseAddress,
    clientErrorHandler: refuseConnection,
  });
  const token = newToken();
  answerProblems(app);
  addHeaders(app);
  guard(app, { host, token, password });
  takeStreams(app);
  for (const routes of ROUTES) routes(app, context);
  app.addHook('onClose', async () => {
    context.presence.close();
    context.queue.close();
    letGo();
  });
  const listening = await app.listen({ host, port }).catch(async (error: NodeJS.ErrnoException) => {
    await app.close();
    throw notListening(error, settings);
  });
  const address = password === undefined ? `${listening}/?token=${token}` : `${listening}/`;
  return { address, close: () => app.close() };
}

async function createContext(settings: StudioSettings) {
  const data = await DataLibrary.open(settings.data);
  const folder = resolve(settings.folder);
  const runs = new RunFolder(folder);
  const letGo = await begin(runs).catch((error: unknown) => {
    throw noFolder(folder, error);
  });
  const uploads = new Uploads(join(folder, '.uploads'), settings.maxUpload * 1e6);
  const clips = new ClipLibrary(settings.clips, uploads, data);
  const models = new ModelLibrary({ folder: settings.models, named: settings.model, uploads });
  const pool = new ModelPool(settings.maxModels, { memory: settings.memoryLimit, call: settings.callLimit });
  const queue = new JobQueue({ clips, models, pool, runs, most: settings.maxJobs });
  const presence = new Presence(queue, settings.goneAfter);
  const methods = methodCards();
  const facts = async () => ({
    version: packageVersion(),
    methods,
    models: await models.list(),
    clips: await clips.list(),
    data: data.list(),
    largestUpload: uploads.largest,
    allowModelUpload: settings.allowModelUpload,
  });
  const context: StudioContext = {
    settings,
    uploads,
    clips,
    data,
    filmstrips: new Filmstrips(),
    models,
    pool,
    runs,
    spectra: new Spectra({ clips, models, pool }),
    queue,
    presence,
    facts,
  };
  return { context, letGo };
}

async function begin(runs: RunFolder): Promise<() => void> {
  await runs.makeFolder();
  const letGo = await holdFolder(runs.folder);
  await runs.open();
  return letGo;
}

/** Every failure as JSON: what was wrong, and the one thing to do. */
function answerProblems(app: FastifyInstance): void {
  app.setErrorHandler((error, { raw }, reply) => {
    // Whoever is refused while he still sends must not ask again on a line that is about to close.
    if (!raw.complete) reply.header('connection', 'close');
    return reply.code(statusOf(error)).send({ error: problemOf(error) });
  });
  app.setNotFoundHandler(() => {
    throw new Refusal(404, 'There is nothing at this address.', 'Go to the first page of the studio.');
  });
}

/** Pieces of uploads and masks are read as they come. */
function takeStreams(app: FastifyInstance): void {
  app.addContentTypeParser('application/octet-stream', (_request, body, done) => done(null, body));
}

function requirePassword({ host, password }: StudioSettings): void {
  if (isLoopback(host) || password !== undefined) return;
  throw new FepError('FEP_USAGE', `Others can reach ${host}, and the studio has no password.`, {
    hint: 'Give a password of at least 8 characters, or leave out --host.',
  });
}

function notListening(error: NodeJS.ErrnoException, { host, port }: StudioSettings): FepError {
  const why = error.code === 'EADDRINUSE' ? `the port ${port} is taken` : error.message;
  return new FepError('FEP_USAGE', `The studio cannot listen on ${host}: ${why}.`, {
    cause: error,
    hint: 'Give --port 0 for any free port.',
  });
}
