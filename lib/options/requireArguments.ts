import { FepError } from '../errors/fepError';

// Runtime checks of arguments for callers without TypeScript. Each throws FepError `FEP_USAGE` with the argument's name,
// what was expected and what was given.

export function requireString(value: unknown, name: string): asserts value is string {
  if (typeof value !== 'string') throw wrong(name, 'a string', value);
}

export function requireObject(value: unknown, name: string): asserts value is object {
  if (typeof value !== 'object' || value === null) throw wrong(name, 'an object', value);
}

export function requireFunction(
  value: unknown,
  name: string,
): asserts value is (...args: never[]) => unknown {
  if (typeof value !== 'function') throw wrong(name, 'a function', value);
}

export function requireFloats(value: unknown, name: string): asserts value is Float32Array {
  if (!(value instanceof Float32Array)) throw wrong(name, 'a Float32Array', value);
}

export function requireBytes(value: unknown, name: string): asserts value is Uint8Array {
  if (!(value instanceof Uint8Array)) throw wrong(name, 'a Uint8Array', value);
}

export function requireArray(value: unknown, name: string): asserts value is readonly unknown[] {
  if (!Array.isArray(value)) throw wrong(name, 'an array', value);
}

export function requireSignal(value: unknown): asserts value is AbortSignal | undefined {
  if (value !== undefined && !(value instanceof AbortSignal)) throw wrong('signal', 'an AbortSignal', value);
}

/** @param most upper limit; larger values are mistakes that no memory or time would suffice for */
export function requireInteger(value: unknown, name: string, least: number, most: number): void {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most) return;
  throw wrong(name, `a whole number from ${least} to ${most}`, value);
}

/** Formats any value for a message. */
export function shown(value: unknown): string {
  if (typeof value === 'string') {
    const short = value.length > 60 ? `${value.slice(0, 60)}…` : value;
    return /^[\w.-]+$/.test(short) ? short : JSON.stringify(short);
  }
  if (value === null || ['number', 'boolean', 'undefined', 'bigint'].includes(typeof value))
    return String(value);
  return Array.isArray(value) ? 'an array' : `${typeof value === 'object' ? 'an' : 'a'} ${typeof value}`;
}

function wrong(name: string, expected: string, value: unknown): FepError {
  return new FepError('FEP_USAGE', `${name} is ${shown(value)}; expected ${expected}.`);
}
