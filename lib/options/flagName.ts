/** How the command line writes an option's name: `low-ratio` of `lowRatio`. */
export function flagName(option: string): string {
  return option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** The option that the command line writes so: `lowRatio` of `low-ratio`. */
export function optionOfFlag(flag: string): string {
  return flag.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
