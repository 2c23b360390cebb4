import { flagName } from './flagName';

/** What follows an option's name; true for one that stands by itself, undefined or false for one that is left out. */
export type FlagValue = string | number | boolean | undefined;

/** An option as a POSIX shell reads it: `--low-ratio 0.2` of `lowRatio`; nothing for one that is left out. */
export function flagWords(option: string, value: FlagValue): string[] {
  if (value === undefined || value === false) return [];
  const flag = `--${flagName(option)}`;
  if (value === true) return [flag];
  // What begins with a dash would be taken for an option.
  return [`${flag}${String(value).startsWith('-') ? '=' : ' '}${shellWord(String(value))}`];
}

/** A text as a POSIX shell reads it as one word. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
