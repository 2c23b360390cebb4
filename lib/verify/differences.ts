import { FepError } from '../errors/fepError';
import type { VideoModel } from '../model/videoModel';
import type { ExpectedProbabilities } from './readExpected';

/** What one class was expected to get, and got. */
export interface ClassDifference {
  index: number;
  name: string;
  expected: number;
  found: number;
  /** found − expected. */
  difference: number;
}

/** One answer of a model beside the expected one. */
export interface Differences {
  /** Those that were expected, the furthest off first. */
  classes: ClassDifference[];
  /** The largest absolute difference; infinite where the model answered no number. */
  largest: number;
}

/** What is expected of each class that is named. */
export type ExpectedClass = Pick<ClassDifference, 'index' | 'name' | 'expected'>;

/** @throws FepError `FEP_USAGE` for another number of classes than the model has, or one that it does not have */
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
    ...{ index, name: model.className(index), expected: probability },
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
