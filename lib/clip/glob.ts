import { FepError } from '../errors/fepError';

/**
 * Converts a glob over file names to a regular expression: `*` any characters, `?` one character, `[0-9]` or
 * `[!a-z]` one of a set, `{a,b}` either. Case-sensitive.
 *
 * @throws FepError `FEP_USAGE` for an invalid set such as `[z-a]`
 */
export function globExpression(glob: string): RegExp {
  let source = '';
  let depth = 0;
  for (let i = 0; i < glob.length; i++) {
    const char = glob[i]!;
    const set = char === '[' ? /^\[(!?)(\]?[^\]]*)\]/.exec(glob.slice(i)) : null;
    if (set) {
      source += `[${set[1] ? '^' : ''}${set[2]!.replace(/[\\[\]^]/g, '\\$&')}]`;
      i += set[0].length - 1;
    } else if (char === '*') source += '.*';
    else if (char === '?') source += '.';
    else if (char === '{' && glob.includes('}', i)) {
      source += '(?:';
      depth++;
    } else if (char === '}' && depth > 0) {
      source += ')';
      depth--;
    } else if (char === ',' && depth > 0) source += '|';
    else source += char.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  }
  try {
    return new RegExp(`^${source}${')'.repeat(depth)}$`, 'su');
  } catch (cause) {
    throw new FepError('FEP_USAGE', `The pattern '${glob}' is not a valid glob.`, {
      cause,
      hint: "Write it as in a shell: 'img_*.jpg', '[0-9]*.png'.",
    });
  }
}

/** A glob that matches exactly this text. */
export function globOf(text: string): string {
  return text.replace(/[*?[{]/g, '[$&]');
}
