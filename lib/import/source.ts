import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';

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
    models: 'VideoMAE, TimeSformer, ViViT and V-JEPA 2 with a classifier',
    needs: ['transformers', 'safetensors'],
  },
  {
    form: 'torchvision:NAME',
    models: 'all of torchvision.models.video: R3D, MC3, R(2+1)D, S3D, MViT, Swin3D',
    needs: ['torchvision'],
  },
  {
    form: 'pytorchvideo:NAME',
    models: 'X3D XS to L, Slow, SlowFast, C2D, I3D, CSN, R(2+1)D, MViT',
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
  { form: 'FILE.py:FUNCTION', models: 'your own: a function that returns the network', needs: [] },
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

/** The files and folders of this machine that a source names: a change in them is another model. */
export function filesOfSource(source: string): string[] {
  const rest = source.replace(PREFIX, '');
  const parts = source.startsWith('mmaction2:')
    ? rest.split('+').map((part) => part.trim())
    : [rest.replace(/\.py:[A-Za-z_]\w*$/, '.py')];
  return parts.filter((part) => existsSync(part));
}
