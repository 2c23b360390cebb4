import { z } from 'zod';
import { FepError } from '../errors/fepError';
import { parseOptions, seeHelp } from '../options/parseOptions';
import { DESCRIPTIONS, METHODS, type Method } from './methods';
import type { Options } from './option';
import { sharedOptions } from './shared';

/** The method that explains where none is named. */
export const DEFAULT_METHOD = 'f-ep' satisfies Method;

const [fep, ...others] = DESCRIPTIONS;

type SchemasOf<Described extends readonly { schema: z.core.$ZodTypeDiscriminable }[]> = {
  [Place in keyof Described]: Described[Place]['schema'];
};

/**
 * Everything that `explain` can be told, by method: the options of one are refused by another. What is left out comes
 * from the method's preset; the method that is left out is `f-ep`.
 */
export const explainOptionsSchema = z.discriminatedUnion('method', [
  fep.schema.extend({ method: z.literal(fep.name).optional() }),
  ...(others.map(({ schema }) => schema) as unknown as SchemasOf<typeof others>),
]);

/** What a method can be told; what is left out comes from the method's preset. */
export type ExplainOptions = z.input<typeof explainOptionsSchema>;

type OwnOptions = (typeof DESCRIPTIONS)[number]['own'];

type KeyOfAny<Union> = Union extends unknown ? keyof Union : never;

/** Every option that some method has. */
type EveryOwnOption = {
  [Name in KeyOfAny<OwnOptions>]: OwnOptions extends infer Own
    ? Own extends Record<Name, infer Schema>
      ? Schema
      : never
    : never;
};

/**
 * Options of all methods by name, the first method's where several have one of this name. Their order is that of the
 * notes in the labels of a bench's rows.
 */
const everyOption = firstOfEachName([fep.own, sharedOptions, ...others.map(({ own }) => own)]);

function firstOfEachName(groups: readonly Options[]) {
  const options: Record<string, z.ZodOptional> = {};
  for (const group of groups) for (const [name, schema] of Object.entries(group)) options[name] ??= schema;
  return options as typeof sharedOptions & EveryOwnOption;
}

/** The options of all methods in one object, whatever the method: what a method refuses is found later. */
export const anyOptionsSchema = z.strictObject({
  method: z.enum(METHODS).optional(),
  ...everyOption,
});

/** Options of some method, not checked against it yet. */
export type AnyOptions = z.input<typeof anyOptionsSchema>;

/** The name of an option of `explain`. */
export type OptionName = keyof typeof everyOption;

/** Names of all options of all methods, in the order in which methods and their options are described. */
export const OPTION_NAMES = [
  ...new Set([{ own: sharedOptions as Options }, ...DESCRIPTIONS].flatMap(({ own }) => Object.keys(own))),
] as OptionName[];

/** An option as one or several methods have it. */
export interface OwnedOption {
  schema: z.ZodOptional;
  /** Undefined where all methods have it. */
  owners: Method[] | undefined;
}

/** An option of a name: one, or where methods differ in range or default, each of theirs. */
export function optionsNamed(name: OptionName): OwnedOption[] {
  if (name in sharedOptions) return [{ schema: everyOption[name], owners: undefined }];
  const found: { schema: z.ZodOptional; owners: Method[] }[] = [];
  for (const { name: method, own } of DESCRIPTIONS) {
    const schema = (own as Options)[name];
    if (schema === undefined) continue;
    const same = found.find((other) => other.schema === schema);
    if (same) same.owners.push(method);
    else found.push({ schema, owners: [method] });
  }
  return found;
}

/** The methods that have an option; undefined where all have it. */
export function ownersOf(name: OptionName): Method[] | undefined {
  const owners = optionsNamed(name).map((option) => option.owners);
  return owners.includes(undefined) ? undefined : (owners as Method[][]).flat();
}

/** The given options that a method has, those that are undefined left out. */
export function onlyOwn(method: Method, given: AnyOptions): AnyOptions {
  const own = Object.entries(given).filter(
    ([name, value]) => value !== undefined && (ownersOf(name as OptionName)?.includes(method) ?? true),
  );
  return Object.fromEntries(own);
}

/**
 * Checks options against the schema of their method.
 *
 * @throws FepError `FEP_USAGE` naming every option that is wrong, or one that another method has and this one would ignore
 */
export function parseExplainOptions(given: unknown): AnyOptions & { method: Method } {
  const options = parseOptions(anyOptionsSchema, given, { hint: seeHelp('explain') });
  const { method = DEFAULT_METHOD } = options;
  for (const [name, value] of Object.entries(options)) {
    const owners = name === 'method' ? undefined : ownersOf(name as OptionName);
    if (value !== undefined && owners && !owners.includes(method)) throw foreignOption(name, owners, method);
  }
  return { ...options, method };
}

function foreignOption(name: string, owners: Method[], method: Method): FepError {
  const kind = owners.length === 1 ? 'method' : 'methods';
  return new FepError('FEP_USAGE', `${name} belongs to the ${kind} ${owners.join(', ')}, not to ${method}.`, {
    hint: `Leave it out, or choose --method ${owners[0]}.`,
  });
}
