/** The examples at the end of a command's help. */
export function examples(...commands: string[]): string {
  return `\nExamples:\n${commands.map((command) => `  fep-native ${command}`).join('\n')}`;
}
