import { FepError, messageOf } from '../../errors/fepError';
import type { Problem } from '../api';

interface Said {
  message: string;
  hint: string;
}

const FULL: Said = {
  message: 'The disk of the studio is full.',
  hint: 'Free some of it and ask again, or start the studio with another --folder.',
};
const FORBIDDEN: Said = {
  message: 'The studio may not read or write one of its files.',
  hint: 'Let it read and write its folder, or start it with another --folder.',
};
const GONE: Said = {
  message: 'A file or folder of the studio is no longer there, or is something else.',
  hint: 'Bring its folder back, or start the studio again.',
};
/** Node says of a folder on a read-only disk, too, that it is not there. */
const UNMADE: Said = {
  message: 'The studio cannot make a folder: its own is gone, or its disk is read-only.',
  hint: 'Bring it back or make it writable, or start the studio with another --folder.',
};
const TOO_MANY: Said = {
  message: 'Too many files are open on this machine.',
  hint: 'Ask again when some runs have ended.',
};

/** What the errors of a disk mean, by their codes. */
const SAID: Record<string, Said> = {
  ENOSPC: FULL,
  EDQUOT: FULL,
  EACCES: FORBIDDEN,
  EPERM: FORBIDDEN,
  ENOENT: GONE,
  ENOTDIR: GONE,
  EISDIR: GONE,
  EMFILE: TOO_MANY,
  ENFILE: TOO_MANY,
  EROFS: {
    message: 'The folder of the studio cannot be written to: its disk is read-only.',
    hint: 'Make it writable, or start the studio with another --folder.',
  },
  EIO: {
    message: 'The disk of the studio does not read or write.',
    hint: 'Look after the disk, or start the studio with another --folder.',
  },
  ENAMETOOLONG: {
    message: 'A name is longer than the disk of the studio takes.',
    hint: 'Give a shorter one.',
  },
};

/**
 * What a disk that fails means, in words for the page: those of the system name paths of this machine. Undefined for any
 * other error.
 */
export function diskProblem(error: unknown): Problem | undefined {
  const { code = '', syscall } = systemError(error);
  const said = code === 'ENOENT' && syscall === 'mkdir' ? UNMADE : SAID[code];
  return said && { code: 'FEP_IO', ...said };
}

/** That the studio cannot begin in its folder: whoever starts it may know where that is. */
export function noFolder(folder: string, error: unknown): unknown {
  const { message } = diskProblem(error) ?? {};
  if (message === undefined && !isDiskError(error)) return error;
  return new FepError(
    'FEP_IO',
    `The studio cannot keep its runs in ${folder}: ${message ?? messageOf(error)}`,
    {
      cause: error,
      hint: 'Give another --folder, in which files can be made.',
    },
  );
}

function isDiskError(error: unknown): error is FepError {
  return error instanceof FepError && error.code === 'FEP_IO';
}

/** What the system said, also in an error that was wrapped. That a program is not there means something else. */
function systemError(error: unknown): { code?: string | undefined; syscall?: string | undefined } {
  const { code, syscall } = ((isDiskError(error) ? error.cause : error) ?? {}) as NodeJS.ErrnoException;
  return syscall === undefined || syscall.startsWith('spawn') ? {} : { code, syscall };
}
