import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { FepError, messageOf } from '../errors/fepError';

const probability = z.number().min(0).max(1);

/** Probabilities of all classes in the order of the model's outputs, or of some classes by name. */
const expectedSchema = z.union([
  z.array(probability).min(1),
  z.record(z.string(), probability).refine((named) => Object.keys(named).length > 0, 'it must name a class'),
]);

/** Probabilities from another pipeline: of all classes in the order of the outputs, or of some by name. */
export type ExpectedProbabilities = number[] | Record<string, number>;

/**
 * Reads the probabilities of another pipeline: a JSON array in the order of the classes, or an object of class
 * names and probabilities; either may be under the key `probabilities`.
 *
 * @throws FepError `FEP_USAGE` if the file cannot be read or holds something else
 */
export async function readExpected(file: string): Promise<ExpectedProbabilities> {
  try {
    return parseExpected(JSON.parse(await readFile(file, 'utf8')), `The values in ${file}`);
  } catch (error) {
    if (error instanceof FepError) throw error;
    throw new FepError('FEP_USAGE', `The probabilities in ${file} cannot be read: ${messageOf(error)}`, {
      cause: error,
      hint: 'Give a JSON file of numbers from 0 to 1: [0.1, 0.9], or {"walking": 0.1, "running": 0.9}.',
    });
  }
}

/** @throws FepError `FEP_USAGE` when these are not probabilities */
export function parseExpected(json: unknown, subject = 'The expected values'): ExpectedProbabilities {
  const read = expectedSchema.safeParse(unwrapped(json));
  if (read.success) return read.data;
  throw new FepError(
    'FEP_USAGE',
    `${subject} must be probabilities: numbers from 0 to 1, one for each class in the order of the outputs, or by class name.`,
    { hint: 'Apply a softmax to logits first, and give fractions instead of percentages.' },
  );
}

/** Unwraps `{ probabilities: … }` and a batch of one clip. */
function unwrapped(json: unknown): unknown {
  const inner =
    typeof json === 'object' &&
    json !== null &&
    'probabilities' in json &&
    typeof json.probabilities === 'object'
      ? json.probabilities
      : json;
  return Array.isArray(inner) && inner.length === 1 && Array.isArray(inner[0]) ? inner[0] : inner;
}
