import { statSync } from 'node:fs';
import { lstat, mkdir, readdir, readFile, rename, rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { makeFolder } from '../../files/makeFolder';
import type { ExplanationDocument } from '../../report/page/document';
import { Refusal } from '../http/problem';
import { type RunRecord, readRecord, writeRecord } from './record';

/** Where deleted runs wait, so that deleting can be undone. */
const DELETED = '.deleted';
const DAY_MS = 24 * 3600 * 1000;
const NAME = /^[\w-][\w.-]{0,99}$/;
const UNFINISHED = ['queued', 'running'];

/** The runs of a studio: a folder of folders, each what `explain --out` writes and a record of the studio. */
export class RunFolder {
  /** Ends that could not be written, on a disk that is full or read-only: without them a run would be at work for ever. */
  private readonly unwritten = new Map<string, RunRecord>();

  constructor(readonly folder: string) {}

  makeFolder(): Promise<void> {
    return makeFolder(this.folder);
  }

  /** Marks runs that ended with the last server, and clears what was deleted more than a day ago. */
  async open(): Promise<void> {
    for (const { id, record } of await this.list())
      if (UNFINISHED.includes(record.state)) await this.keep(id, { ...record, state: 'interrupted' });
    const deleted = join(this.folder, DELETED);
    for (const name of await readdir(deleted).catch(() => [])) {
      const { mtimeMs } = await lstat(join(deleted, name));
      if (Date.now() - mtimeMs > DAY_MS) await rm(join(deleted, name), { recursive: true, force: true });
    }
  }

  /** All runs, the newest first. */
  async list(): Promise<{ id: string; record: RunRecord }[]> {
    const names = (await readdir(this.folder)).filter((name) => NAME.test(name));
    const found = await Promise.all(names.map(async (id) => ({ id, record: await this.recordIn(id) })));
    return found
      .filter((one): one is { id: string; record: RunRecord } => one.record !== undefined)
      .sort((a, b) => (a.record.created < b.record.created ? 1 : -1));
  }

  /** @throws Refusal 404 */
  async read(id: string): Promise<RunRecord> {
    const record = NAME.test(id) ? await this.recordIn(id) : undefined;
    if (record) return record;
    throw noRun(id);
  }

  async create(id: string, record: RunRecord): Promise<void> {
    await mkdir(this.pathOf(id), { recursive: true });
    await this.write(id, record);
  }

  async write(id: string, record: RunRecord): Promise<void> {
    await writeRecord(this.pathOf(id), record);
    this.unwritten.delete(id);
  }

  /** Writes a record or, where the disk does not take it, keeps it as long as the studio lives: a run that has ended has. */
  async keep(
    id: string,
    record: RunRecord,
    instead: (error: unknown) => RunRecord = () => record,
  ): Promise<void> {
    await this.write(id, record).catch((error: unknown) => this.unwritten.set(id, instead(error)));
  }

  pathOf(id: string): string {
    if (!NAME.test(id)) throw noRun(id);
    return join(this.folder, id);
  }

  /** @throws Refusal 404 where the run has no such file */
  fileOf(id: string, name: string): string {
    const path = join(this.pathOf(id), name);
    if (statSync(path, { throwIfNoEntry: false })?.isFile()) return path;
    throw new Refusal(404, `The run has no ${name}.`, 'Wait until it is done, or run it again.');
  }

  private async recordIn(id: string): Promise<RunRecord | undefined> {
    const written = await readRecord(join(this.folder, id), id);
    return written && (this.unwritten.get(id) ?? written);
  }

  /** What the report of a run shows, taken out of its page. */
  async document(id: string): Promise<ExplanationDocument> {
    const html = await readFile(this.fileOf(id, 'report.html'), 'utf8');
    const [, json] = /<script type="application\/json" id="fep-document">(.*?)<\/script>/s.exec(html) ?? [];
    const document = json === undefined ? undefined : documentIn(json);
    if (document) return document;
    throw new Refusal(404, 'The report of the run cannot be read.', 'Run it again.');
  }

  async remove(id: string): Promise<void> {
    await this.read(id);
    await mkdir(join(this.folder, DELETED), { recursive: true });
    await rm(join(this.folder, DELETED, id), { recursive: true, force: true });
    const now = new Date();
    await utimes(this.pathOf(id), now, now); // the day begins now
    await rename(this.pathOf(id), join(this.folder, DELETED, id));
  }

  /** @throws Refusal 404 where it was not deleted, or too long ago */
  async restore(id: string): Promise<void> {
    this.pathOf(id);
    await rename(join(this.folder, DELETED, id), this.pathOf(id)).catch(() => {
      throw noRun(id);
    });
  }
}

/** What every page of a run reads. */
const pageSchema = z.looseObject({
  kind: z.literal('explanation'),
  target: z.string(),
  clip: z.looseObject({ frames: z.number(), pictures: z.looseObject({ url: z.string() }) }),
  mask: z.looseObject({ mask: z.looseObject({ base64: z.string() }), config: z.looseObject({}) }),
});

/** Undefined where the report was damaged. */
function documentIn(json: string): ExplanationDocument | undefined {
  try {
    return pageSchema.safeParse(JSON.parse(json)).data as ExplanationDocument | undefined;
  } catch {
    return undefined;
  }
}

function noRun(id: string): Refusal {
  return new Refusal(404, `There is no run ${JSON.stringify(id.slice(0, 100))}.`, 'Choose one of the list.');
}
