/** A setting that is not the same in two configurations; undefined where one has no such setting. */
export interface Difference {
  /** Where it is: `data.limit`, `methods.F-EP.iterations`. */
  setting: string;
  before: unknown;
  after: unknown;
}

/**
 * Every setting in which two configurations differ, both plain JSON.
 *
 * Arrays of things that have a `label` or a `name` are compared thing by thing. Where other things are in them, that
 * is one difference, and only those that both have are looked into.
 */
export function differences(before: unknown, after: unknown, setting = ''): Difference[] {
  const [named, namedToo] = [byName(before), byName(after)];
  if (named && namedToo) {
    const order = differences([...named.keys()], [...namedToo.keys()], setting);
    return [
      ...order,
      ...entries(
        named,
        namedToo,
        setting,
        [...named.keys()].filter((name) => namedToo.has(name)),
      ),
    ];
  }
  if (isObject(before) && isObject(after)) {
    const [left, right] = [new Map(Object.entries(before)), new Map(Object.entries(after))];
    return entries(left, right, setting, [...new Set([...left.keys(), ...right.keys()])]);
  }
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ setting, before, after }];
}

function entries(
  before: Map<string, unknown>,
  after: Map<string, unknown>,
  setting: string,
  names: string[],
): Difference[] {
  const path = setting === '' ? '' : `${setting}.`;
  return names.flatMap((name) => differences(before.get(name), after.get(name), `${path}${name}`));
}

/** A difference as people read it: `iterations: 200 → 300`. */
export function describeDifference({ setting, before, after }: Difference): string {
  return `${setting}: ${shown(before)} → ${shown(after)}`;
}

function shown(value: unknown): string {
  if (value === undefined) return 'not set';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function byName(value: unknown): Map<string, unknown> | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const names = value.map((entry) => (isObject(entry) ? (entry.label ?? entry.name) : undefined));
  if (!names.every((name) => typeof name === 'string')) return undefined;
  return new Map(names.map((name, i) => [name, value[i]]));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
