import { existsSync, readdirSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { type ArchiveReader, readArchive } from '../manifest/archiveEntry';

/** A file or folder that is not TorchScript. */
export interface ForeignKind {
  /** What it is, e.g. “a state dict (weights without their network)”. */
  what: string;
  /** How to make a TorchScript model of it. */
  remedy: string;
}

/** The last step of the remedies. */
const SAVE = "torch.jit.script(m.eval()).save('model.pt')";
const TRACE = "torch.jit.trace(m.eval(), torch.randn(1, 3, 16, 112, 112)).save('model.pt')";

const python = (code: string) => `python -c "import torch; ${code}"`;

/** Recognises a folder that is another framework's model; undefined for any other. */
export function kindOfFolder(path: string): ForeignKind | undefined {
  const names = new Set(readdirSync(path));
  if (names.has('config.json') && [...names].some((name) => /\.(safetensors|bin)$/.test(name))) {
    return {
      what: 'a folder of a HuggingFace model',
      remedy: `Export it, with as many frames and pixels as it takes: ${python(
        `from transformers import AutoModelForVideoClassification as A; ` +
          `m = type('M', (torch.nn.Module,), {'forward': lambda self, x: self.net(x).logits})(); ` +
          `m.net = A.from_pretrained('${path}'); ` +
          `torch.jit.trace(m.eval(), torch.randn(1, 16, 3, 224, 224)).save('model.pt')`,
      )}, then --layout NTCHW.`,
    };
  }
  if (existsSync(join(path, 'saved_model.pb'))) {
    return { what: 'a TensorFlow SavedModel', remedy: OTHER_FRAMEWORK };
  }
  return undefined;
}

const OTHER_FRAMEWORK =
  'fep-native runs TorchScript: rebuild the network in PyTorch with these weights, and save it with torch.jit.script or torch.jit.trace.';

/**
 * Recognises by its content a file that is not a TorchScript archive; undefined if it is one or is of an unknown kind,
 * for which libtorch reports the error.
 */
export async function kindOfFile(path: string): Promise<ForeignKind | undefined> {
  const head = await firstBytes(path, 1 << 16);
  if (head.length === 0) return { what: 'empty', remedy: 'Copy or save the file again.' };
  if (head.startsWith('PK')) return readArchive(path, (archive) => kindOfArchive(path, archive));
  return kindByHead(path, head);
}

/** The first bytes of a file, one character per byte. */
async function firstBytes(path: string, count: number): Promise<string> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(count), 0, count, 0);
    return buffer.toString('latin1', 0, bytesRead);
  } finally {
    await file.close();
  }
}

function kindByHead(path: string, head: string): ForeignKind | undefined {
  if (head[0] === '\x80' && head.charCodeAt(1) <= 5)
    return kindOfPickle(path, head) ?? { what: 'a Python pickle', remedy: OTHER_FRAMEWORK };
  if (head.startsWith('\x1f\x8b'))
    return { what: 'compressed by gzip', remedy: 'Unpack it first: gunzip, or tar xf.' };
  if (head.startsWith('version https://git-lfs'))
    return { what: 'a pointer of Git LFS, not the file itself', remedy: 'Fetch the file: git lfs pull.' };
  if (/^\s*<(!doctype|html)/i.test(head))
    return { what: 'a web page', remedy: 'Download the file itself, not the page that offers it.' };
  if (isSafetensors(head)) return weights(path, 'a safetensors file (weights without their network)');
  if (isOnnx(path, head)) return onnx(path);
  if (head.startsWith('\x89HDF')) return { what: 'an HDF5 file, as Keras saves', remedy: OTHER_FRAMEWORK };
  if (head.slice(4, 8) === 'TFL3') return { what: 'a TensorFlow Lite model', remedy: OTHER_FRAMEWORK };
  if (head.startsWith('ftrt')) return { what: 'a TensorRT engine', remedy: OTHER_FRAMEWORK };
  return undefined;
}

/** A safetensors file starts with eight bytes of length, then JSON. */
function isSafetensors(head: string): boolean {
  const length = Buffer.from(head.slice(0, 8), 'latin1');
  return head[8] === '{' && length.length === 8 && length.readBigUInt64LE() < 1n << 30n;
}

/** A protobuf message whose first field is a small number, the version, and whose second is a string or the graph. */
function isOnnx(path: string, head: string): boolean {
  const isMessage = head[0] === '\x08' && head.charCodeAt(1) < 32 && ['\x12', ':'].includes(head[2] ?? '');
  return isMessage || extname(path).toLowerCase() === '.onnx';
}

function onnx(path: string): ForeignKind {
  return {
    what: 'an ONNX model',
    remedy: `Export the PyTorch network that it came from, or convert it (pip install onnx2torch): ${python(
      `from onnx2torch import convert; m = convert('${path}'); ${TRACE}`,
    )}.`,
  };
}

function weights(path: string, what: string): ForeignKind {
  const isSafe = extname(path) === '.safetensors';
  const load = isSafe ? `load_file('${path}')` : `torch.load('${path}', map_location='cpu')`;
  const needs = isSafe ? 'from safetensors.torch import load_file; ' : '';
  return {
    what,
    remedy: `Import them with their network: npx fep-native import NETWORK.py:build --weights '${path}' --frames 16 --size 112 --out model.pt. Or save it by hand: ${python(
      `${needs}from NETWORK import build; m = build(); m.load_state_dict(${load}); ${SAVE}`,
    )}. Published checkpoints of R(2+1)D, TSM and I3D, and weights of torchvision and others: fep-native import (see models list --importable).`,
  };
}

async function kindOfArchive(path: string, archive: ArchiveReader): Promise<ForeignKind | undefined> {
  const has = (pattern: RegExp) => archive.names.some((name) => pattern.test(name));
  if (has(/(^|\/)constants\.pkl$/) && has(/(^|\/)code\//)) return kindOfProgram(path, archive);
  if (has(/(^|\/)(archive_format|serialized_exported_program\.json)$/) || has(/\/models\/[^/]+\.json$/)) {
    return {
      what: 'a program of torch.export (.pt2)',
      remedy: `Make a TorchScript file of it, with a clip of its size: ${python(
        `m = torch.export.load('${path}').module(); torch.jit.trace(m, torch.randn(1, 3, 16, 112, 112)).save('model.pt')`,
      )}.`,
    };
  }
  const pickle = archive.names.find((name) => /(^|\/)data\.pkl$/.test(name));
  if (pickle !== undefined) return kindOfPickle(path, (await archive.read(pickle)).toString('latin1'));
  if (has(/^MAR-INF\//))
    return { what: 'a TorchServe archive', remedy: 'Unzip it, and give the model in it.' };
  if (has(/\.npy$/)) return { what: 'a NumPy archive (.npz)', remedy: OTHER_FRAMEWORK };
  return { what: 'a zip archive without a TorchScript program', remedy: OTHER_FRAMEWORK };
}

/** Recognises programs that TorchScript runs but cannot differentiate. */
async function kindOfProgram(path: string, archive: ArchiveReader): Promise<ForeignKind | undefined> {
  for (const name of archive.names.filter((each) => /(^|\/)code\/.*\.py$/.test(each))) {
    const code = (await archive.read(name)).toString('latin1');
    if (!/ConstantMKLDNNTensor|prim\.mkldnn_|cudnn_convolution_(add_)?relu/.test(code)) continue;
    return {
      what: 'a TorchScript file that was saved after optimize_for_inference, which leaves no gradients',
      remedy: `Save the plain one: ${python(`m = …; ${SAVE}`)}, without optimize_for_inference (${path} cannot be turned back).`,
    };
  }
  return undefined;
}

/** Names of classes and functions in a pickle of protocol 2. */
const GLOBAL = /c([A-Za-z_][\w.]*)\n([A-Za-z_]\w*)\n/g;

/** Modules that torch.save itself uses for tensors and plain containers. */
const PLAIN =
  /^(collections|torch|torch\._utils|torch\.storage|torch\.serialization|numpy.*|_codecs|builtins|__builtin__|copy_reg|copyreg)$/;

const CHECKPOINT_KEYS = ['state_dict', 'model_state_dict', 'model_state', 'model', 'net'];

function kindOfPickle(path: string, pickle: string): ForeignKind | undefined {
  const classes = [...pickle.matchAll(GLOBAL)].filter(([, module]) => !PLAIN.test(module!));
  const [first] = classes.filter(([, module]) => !module!.startsWith('torch.optim'));
  if (first) {
    return {
      what: `a pickled Python object (${first[1]}.${first[2]}), as torch.save makes of a whole module`,
      remedy: `Where its class can be imported, save it as TorchScript: ${python(
        `m = torch.load('${path}', weights_only=False, map_location='cpu'); ${SAVE}`,
      )}. Or import it as weights: npx fep-native import NETWORK.py:build --weights '${path}' --allow-pickle --frames 16 --size 112 --out model.pt.`,
    };
  }
  if (!pickle.includes('_rebuild_tensor') && !pickle.includes('_rebuild_parameter')) {
    return pickle.startsWith('\x80\x02\x8a\nl\xfc\x9c')
      ? weights(path, 'a file of torch.save in its old format')
      : undefined;
  }
  const key = CHECKPOINT_KEYS.find((each) => pickle.includes(`X${length32(each)}${each}q`));
  if (key === undefined) return weights(path, 'a state dict (weights without their network)');
  const { remedy } = weights(path, '');
  return {
    what: 'a training checkpoint (weights and more, without their network)',
    remedy: remedy.replace("map_location='cpu')", `map_location='cpu')['${key}']`),
  };
}

/** The length prefix of a string in a pickle. */
function length32(text: string): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(text.length);
  return bytes.toString('latin1');
}
