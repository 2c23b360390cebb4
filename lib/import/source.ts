import { existsSync, readdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/** A kind of source, as `models list --importable` shows it. */
export interface SourceKind {
  /** How a source of this kind is written. */
  form: string;
  /** Which models it can be. */
  models: string;
  /** The Python packages that it needs, beside torch. */
  needs: readonly string[];
}

/** Everything that `importModel` knows. The importer itself is `python/fep_import/sources`. */
export const SOURCE_KINDS: readonly SourceKind[] = [
  {
    form: 'FOLDER, huggingface:OWNER/NAME',
    models: 'VideoMAE, TimeSformer, ViViT, V-JEPA 2 and VideoPrism with a classifier',
    needs: ['transformers', 'safetensors'],
  },
  {
    form: 'torchvision:NAME',
    models: 'all of torchvision.models.video: R3D, MC3, R(2+1)D, S3D, MViT, Swin3D',
    needs: ['torchvision'],
  },
  {
    form: 'pytorchvideo:NAME',
    models: 'X3D XS to L, EfficientX3D, Slow, SlowFast, C2D, I3D, CSN, R(2+1)D, MViT',
    needs: ['pytorchvideo', 'torchvision'],
  },
  {
    form: 'mmaction2:CONFIG.py',
    models: 'any recogniser of RGB frames, with its checkpoint as --weights',
    needs: ['mmaction2', 'mmengine', 'mmcv'],
  },
  {
    form: 'release:NAME',
    models:
      'r2plus1d_18, r2plus1d_34, r3d_18, mc3_18, tsm_r50, i3d, with a published checkpoint as --weights',
    needs: [],
  },
  { form: 'FILE.py:FUNCTION', models: 'your own: a function or class that makes the network', needs: [] },
  { form: 'FILE.pt2', models: 'a program of torch.export', needs: [] },
];

const PREFIX = /^(huggingface|torchvision|pytorchvideo|mmaction2|release):/;
const OWN_MODULE = /^(.+\.py|[A-Za-z_][\w.]*):[A-Za-z_]\w*$/;

/** Whether a model's name is that of a source to import; anything else is a file or a shipped model. */
export function isSource(model: string): boolean {
  return PREFIX.test(model) || OWN_MODULE.test(model) || isProgram(model) || isHuggingFaceFolder(model);
}

function isProgram(model: string): boolean {
  return model.endsWith('.pt2') && existsSync(model);
}

/** Whether a folder holds what `save_pretrained` writes. */
export function isHuggingFaceFolder(path: string): boolean {
  return existsSync(join(path, 'config.json')) && statSync(path).isDirectory();
}

/** The files of this machine that a source is made of, in order: a change in them is another model. */
export function filesOfSource(source: string): string[] {
  if (OWN_MODULE.test(source)) return filesUnder(folderOfModule(source), isCode);
  const rest = source.replace(PREFIX, '');
  const places = source.startsWith('mmaction2:') ? rest.split('+').map((part) => part.trim()) : [rest];
  return [...places, ...revisionsOf(rest)].flatMap((place) => filesUnder(place, isContent));
}

/** Where a module and what it imports beside itself are: the file's folder, or the current one for `package.module`. */
function folderOfModule(source: string): string {
  const place = source.slice(0, source.lastIndexOf(':'));
  return place.endsWith('.py') ? dirname(place) : process.cwd();
}

/** Which commit of a hub's model its cache on this machine has. */
function revisionsOf(name: string): string[] {
  if (!/^[\w.-]+\/[\w.-]+$/.test(name)) return [];
  const { HF_HUB_CACHE, HF_HOME, HOME = homedir() } = process.env;
  const hub = HF_HUB_CACHE ?? join(HF_HOME ?? join(HOME, '.cache', 'huggingface'), 'hub');
  return [join(hub, `models--${name.replace('/', '--')}`, 'refs')];
}

/** Folders that hold no code of the user's. */
const OTHERS = new Set(['node_modules', 'site-packages', '__pycache__', 'venv', 'build', 'dist']);

const isCode = (name: string) => name.endsWith('.py');
const isContent = (name: string) => !name.endsWith('.lock') && !name.endsWith('.pyc');

/** The files in a folder and below it, in order; a file by itself; none where there is nothing. */
export function filesUnder(path: string, isWanted: (name: string) => boolean = isContent): string[] {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { withFileTypes: true })
    .filter(({ name }) => !name.startsWith('.') && !OTHERS.has(name))
    .flatMap((entry) => {
      const inside = join(path, entry.name);
      if (entry.isDirectory()) return filesUnder(inside, isWanted);
      return existsSync(inside) && isWanted(entry.name) ? [inside] : [];
    })
    .sort();
}
