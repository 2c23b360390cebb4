import { z } from 'zod';

/** What is said of an option beside its type and range. */
export interface OptionFacts<Value, Context> {
  /** One line for `--help` and the tables of the documentation. */
  help: string;
  /** What follows the flag, its unit where it has one: `pixels`, `share`, `n`. A switch has none. */
  value?: string;
  /** What the option is where nobody sets it; null where only the model can tell. */
  default: Value | null | ((context: Context) => Value | null);
  /** The default in words, where it is not one value. */
  defaultText?: string;
  /**
   * Records the option in a configuration only where it is not its default, so that configurations that were saved
   * before the option existed stay equal to those of today.
   */
  sparse?: boolean;
  /** Where it comes from: an equation of the paper, or a citation. */
  source?: string;
}

type StoredFacts = OptionFacts<unknown, unknown>;

const registry = z.registry<StoredFacts>();

declare const sparse: unique symbol;

/** An option that a configuration records only where it is not its default. */
export interface SparseOption<Schema extends z.ZodType> extends z.ZodOptional<Schema> {
  /** Of the type alone: nothing is there at run time. */
  readonly [sparse]: true;
}

/** An option of a method: its type and range, which the schema says, and everything else that is known of it. */
export function option<Schema extends z.ZodType, Context = object>(
  schema: Schema,
  facts: OptionFacts<z.output<Schema>, Context> & { sparse: true },
): SparseOption<Schema>;
export function option<Schema extends z.ZodType, Context = object>(
  schema: Schema,
  facts: OptionFacts<z.output<Schema>, Context> & { sparse?: never },
): z.ZodOptional<Schema>;
export function option<Schema extends z.ZodType, Context = object>(
  schema: Schema,
  facts: OptionFacts<z.output<Schema>, Context>,
): z.ZodOptional<Schema> {
  const optional = schema.optional();
  registry.add(optional, facts as StoredFacts);
  return optional;
}

/** What `option` was told. */
export function factsOf(schema: z.ZodType): OptionFacts<unknown, unknown> {
  const facts = registry.get(schema);
  if (!facts) throw new Error('This schema was not made by option().');
  return facts;
}

/** Options by name, as a method has them. */
export type Options = Readonly<Record<string, z.ZodOptional>>;

type SparseName<Shape extends Options> = {
  [Name in keyof Shape]: Shape[Name] extends { readonly [sparse]: true } ? Name : never;
}[keyof Shape];

type Values<Shape extends Options> = { [Name in keyof Shape]: NonNullable<z.output<Shape[Name]>> };

/** The values of options, every default filled in; those that are recorded sparsely may be absent. */
export type Settled<Shape extends Options> = Omit<Values<Shape>, SparseName<Shape>> &
  Partial<Pick<Values<Shape>, SparseName<Shape>>>;

/** The values of the options of several methods, every default filled in. */
export type SettledUnion<Shape extends Options> = {
  [Name in NamesOf<Shape>]: Shape extends Record<Name, infer Schema extends z.ZodType>
    ? NonNullable<z.output<Schema>>
    : never;
};

type NamesOf<Shape> = Shape extends unknown ? keyof Shape : never;

/** Fills in the defaults of options, in their order. */
export function settle<Shape extends Options>(
  options: Shape,
  given: Readonly<Record<string, unknown>>,
  context: object,
): Settled<Shape> {
  const settled: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(options)) {
    const { sparse } = factsOf(schema);
    const byDefault = defaultOf(schema, context);
    const value = given[name] ?? byDefault;
    if (!sparse || value !== byDefault) settled[name] = value;
  }
  return settled as Settled<Shape>;
}

/** The defaults of the options that a configuration does not record unless they differ from them. */
export function sparseDefaults(options: Options): Record<string, unknown> {
  const sparse = Object.entries(options).filter(([, schema]) => factsOf(schema).sparse);
  return Object.fromEntries(sparse.map(([name, schema]) => [name, defaultOf(schema, {})]));
}

function defaultOf(schema: z.ZodType, context: object): unknown {
  const { default: byDefault } = factsOf(schema);
  return typeof byDefault === 'function' ? (byDefault as (context: object) => unknown)(context) : byDefault;
}
