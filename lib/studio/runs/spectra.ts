import type { ExplainOptions } from '../../methods/options';
import type { RunRequest, SpectrumAnswer } from '../api';
import type { ClipLibrary } from '../clips/clipLibrary';
import { Refusal } from '../http/problem';
import type { ModelLibrary } from '../models/modelLibrary';
import type { ModelPool } from '../models/modelPool';
import { Remembered } from '../remembered';
import type { RunRecord } from './record';

/** Where runs find what they were asked of. */
interface SpectraParts {
  clips: ClipLibrary;
  models: ModelLibrary;
  pool: ModelPool;
}

const MOST = 32;

/** The spectra of the gradients of runs, each measured once. */
export class Spectra {
  private readonly known = new Remembered<SpectrumAnswer>(MOST);

  constructor(private readonly parts: SpectraParts) {}

  /** @throws Refusal 404, 409 for a run that the studio did not make; FepError `FEP_USAGE` for a method without bands */
  async get(id: string, { request }: RunRecord): Promise<SpectrumAnswer> {
    if (request) return this.known.get(id, () => this.measure(request));
    throw new Refusal(409, 'The studio does not know how this run was made.', 'Choose a run of the studio.');
  }

  /** The clip and the model are looked for again: a record on the disk may name what the studio does not offer. */
  private async measure({ clip: chosen, model, options }: RunRequest) {
    const { clips, models, pool } = this.parts;
    const clip = await clips.locateChoice(chosen);
    const process = pool.of(await models.locate(model));
    await process.facts;
    return process.ask('spectrum', { clip, options: options as ExplainOptions });
  }
}
