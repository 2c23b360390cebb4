import { FepError } from '../errors/fepError';
import type { VideoModel } from '../model/videoModel';
import type { ExpectedProbabilities } from './readExpected';

/** The expected and the computed probability of one class. */
export interface ClassDifference {
  index: number;
  name: string;
  expected: number;
  found: number;
  /** found − expected. */
  difference: number;
}

/** The output of a model compared with the expected probabilities. */
export interface Differences {
  /** The expected classes, largest difference first. */
  classes: ClassDifference[];
  /** The largest absolute difference; infinite if the model returned NaN. */
  largest: number;
}

/** A class and its expected probability. */
export type ExpectedClass = Pick<ClassDifference, 'index' | 'name' | 'expected'>;

/**
 * @throws FepError `FEP_USAGE` if the number of probabilities is not the number of classes, or a class is unknown
 */
export function expectedClasses(model: VideoModel, expected: ExpectedProbabilities): ExpectedClass[] {
  if (!Array.isArray(expected)) {
    return Object.entries(expected).map(([target, probability]) => {
      const index = model.classIndex(target);
      return { index, name: model.className(index), expected: probability };
    });
  }
  if (expected.length !== model.classes) {
    throw new FepError(
      'FEP_USAGE',
      `There are ${expected.length} expected probabilities, the model has ${model.classes} classes.`,
      { hint: 'Give one for each output, in their order, or an object of class names and probabilities.' },
    );
  }
  return expected.map((probability, index) => ({
    index,
    name: model.className(index),
    expected: probability,
  }));
}

export function differencesFrom(expected: readonly ExpectedClass[], answer: Float32Array): Differences {
  const classes = expected.map((one) => {
    const found = answer[one.index]!;
    return { ...one, found, difference: found - one.expected };
  });
  classes.sort((a, b) => size(b) - size(a));
  return { classes, largest: size(classes[0]!) };
}

function size({ difference }: ClassDifference): number {
  return Number.isNaN(difference) ? Number.POSITIVE_INFINITY : Math.abs(difference);
}
