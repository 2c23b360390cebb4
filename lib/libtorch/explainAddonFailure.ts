import { buildAdvice } from './nativeFiles';
import { LIBTORCH_MINOR } from './version';

const CAUSES: readonly (readonly [RegExp, (match: RegExpExecArray) => string])[] = [
  [
    /version `(GLIBC_[\d.]+)' not found/,
    ([, needed]) =>
      `this system's C library is older than ${needed}, which the addon needs: use a newer system, or build it here`,
  ],
  [
    /version `((?:GLIBCXX|CXXABI)_[\d.]+)' not found/,
    ([, needed]) => `this system's libstdc++ lacks ${needed}: update libstdc++6, or build the addon here`,
  ],
  [
    /undefined symbol: (\S+)|symbol not found in flat namespace|specified procedure could not be found/,
    () =>
      `the addon was built against another libtorch than the ${LIBTORCH_MINOR}.x that was found: rebuild it`,
  ],
  [
    /(?:Library not loaded: )?(\S+)(?:: cannot open shared object file|\n +Referenced from)/,
    ([, name]) =>
      name?.includes('fep_')
        ? `${name}, a part of the addon, is missing: rebuild it`
        : `${name} is missing on this system: install the package that holds it, or rebuild the addon`,
  ],
  [
    /specified module could not be found/,
    () => 'a library that the addon needs is missing: reinstall libtorch, or rebuild the addon',
  ],
  [
    /another processor|wrong ELF class|Exec format|incompatible architecture|not a valid Win32/,
    () => `the addon is for another processor than ${process.arch}`,
  ],
  [
    /empty|truncated|not a shared library|invalid ELF header|file too short|crashed/,
    () => 'the addon file is damaged',
  ],
  [/NODE_MODULE_VERSION|did not self-register/, () => `the addon does not fit Node ${process.version}`],
];

/** "Possible solutions" for an addon that does not load, chosen by the dynamic linker's message. */
export function explainAddonFailure(reason: string): string {
  const lines: string[] = [];
  for (const [pattern, explain] of CAUSES) {
    const match = pattern.exec(reason);
    if (match) lines.push(explain(match));
  }
  lines.push(buildAdvice());
  return ['Possible solutions:', ...lines.map((line) => `  - ${line}`)].join('\n');
}
