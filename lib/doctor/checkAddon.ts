import { loadAddon } from '../binding/addon';
import { messageOf } from '../errors/fepError';
import { findNativeFiles } from '../libtorch/nativeFiles';
import type { Check, DoctorOptions } from './check';
import { fixOf } from './checkLibtorch';

/** Whether the native addon loads. */
export function checkAddon(options: DoctorOptions = {}): Check {
  const name = 'addon';
  try {
    loadAddon(options);
    return { name, status: 'ok', detail: `loads: ${findNativeFiles().addon}` };
  } catch (error) {
    return { name, status: 'fail', detail: messageOf(error), ...fixOf(error) };
  }
}
