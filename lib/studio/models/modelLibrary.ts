import { basename } from 'node:path';
import { importedFolder, keptImports } from '../../import/importedModel';
import { shippedModels } from '../../model/shipped';
import type { OfferedModel } from '../api';
import { insideFolder } from '../clips/insideFolder';
import { listFolder } from '../clips/listFolder';
import { Refusal } from '../http/problem';
import type { Uploads } from '../uploads/uploads';

/** Where the models of the picker come from. */
export interface ModelPlaces {
  folder: string | undefined;
  /** Files and sources of the command line. */
  named: readonly string[];
  uploads: Uploads;
}

/** The models that the page can pick, by ids that say where each comes from. */
export class ModelLibrary {
  constructor(private readonly places: ModelPlaces) {}

  async list(): Promise<OfferedModel[]> {
    const { folder, named, uploads } = this.places;
    const paths = folder === undefined ? [] : await listFolder(folder, ['.pt', '.pth', '.ts']);
    return [
      ...shippedModels().map(({ name }) => offered('shipped', name, name)),
      ...named.map((model, i) => offered('command line', String(i), basename(model))),
      ...paths.map((path) => offered('folder', path, path)),
      ...uploads.finished('model').map(({ id, name }) => offered('upload', id, name)),
      ...(await keptImports()).map(({ file, name }) => offered('imported', file, name)),
    ];
  }

  /**
   * What `loadModel` is given for an id.
   *
   * @throws Refusal 403, 404
   */
  async locate(id: string): Promise<string> {
    const [origin, rest] = splitAt(id, id.indexOf(':'));
    const { folder, named, uploads } = this.places;
    if (origin === 'shipped' && shippedModels().some(({ name }) => name === rest)) return rest;
    if (origin === 'command line' && named[Number(rest)] !== undefined) return named[Number(rest)]!;
    if (origin === 'upload') return uploads.pathOf(rest, 'model');
    if (origin === 'folder' && folder !== undefined) return insideFolder(folder, rest);
    if (origin === 'imported') return insideFolder(importedFolder(), rest);
    throw new Refusal(
      404,
      `There is no model ${JSON.stringify(id.slice(0, 200))}.`,
      'Choose one of the list.',
    );
  }
}

function offered(origin: OfferedModel['origin'], rest: string, name: string): OfferedModel {
  return { id: `${origin}:${rest}`, name, origin };
}

function splitAt(text: string, place: number): [string, string] {
  return [text.slice(0, place), text.slice(place + 1)];
}
