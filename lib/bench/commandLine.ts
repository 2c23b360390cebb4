import type { BenchConfig } from './config';

/** Rows as `--method` takes them: what `parseMethod` reads. */
export function methodsOnCommandLine(methods: BenchConfig['options']['methods']): string {
  return methods
    .map(({ method, options }) => {
      const settings = Object.entries(options).map(([name, value]) => `${dashed(name)}=${written(value)}`);
      return settings.length > 0 ? `${method}@${settings.join(':')}` : method;
    })
    .join(',');
}

function dashed(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function written(value: unknown): string {
  return Array.isArray(value) ? value.join('x') : String(value);
}
