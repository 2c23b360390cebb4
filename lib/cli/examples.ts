/** Commands as they are typed, below a command's help. */
export function examples(...commands: string[]): string {
  return `\nExamples:\n${commands.map((command) => `  fep-native ${command}`).join('\n')}`;
}
