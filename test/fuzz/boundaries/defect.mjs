// Code that is wrong in every way that must be noticed; it shows that the fuzzer notices.
import { FepError } from 'fep-native';

const defects = [
  () => null.length,
  () => Promise.reject(new RangeError('mine')),
  () => void Promise.reject(new Error('nobody catches this')),
  () => {
    throw new FepError('FEP_INTERNAL', 'a defect of ours');
  },
  () => process.kill(process.pid, 'SIGSEGV'),
  () => {
    throw new FepError('FEP_USAGE', 'as it should be');
  },
];

export default () => async (random) => random.pick(defects)();
