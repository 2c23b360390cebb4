// npm run docs:tables: writes the tables of docs/explain.md from the descriptions of the methods in lib/methods, which
// the flags and the API's types are made of too. With --check it only says whether they are up to date.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import z from 'zod';
import { DESCRIPTIONS } from '../dist/methods/methods.js';
import { factsOf } from '../dist/methods/option.js';
import { OPTION_NAMES, optionsNamed, ownersOf } from '../dist/methods/options.js';
import { PRESETS } from '../dist/methods/presets.js';
import { flagName } from '../dist/options/flagName.js';
import { Failure, isMain, main, root } from './run.mjs';

const PAGE = join(root, 'docs', 'explain.md');

/** The page with its tables as they should be. */
export function withTables(text) {
  const tables = { methods: methodTable(), options: optionTable(), presets: presetTable() };
  return Object.entries(tables).reduce((page, [name, table]) => replaced(page, name, table), text);
}

function replaced(text, name, table) {
  const pattern = new RegExp(`(<!-- ${name}: [^>]*-->\n)[^]*?(<!-- /${name} -->)`);
  if (!pattern.test(text)) throw new Failure(`docs/explain.md has no place for the table of ${name}.`);
  return text.replace(pattern, (_, begin, end) => `${begin}\n${table}\n\n${end}`);
}

function methodTable() {
  const rows = DESCRIPTIONS.map(({ name, label, summary }) => [`\`${name}\``, label, summary]);
  return table(['`--method`', 'name', 'what it does'], rows);
}

function optionTable() {
  const rows = OPTION_NAMES.flatMap((name) =>
    optionsNamed(name).map(({ schema, owners }) => {
      const { help, default: value, defaultText, source = '' } = factsOf(schema);
      const fallback = defaultText ?? (typeof value === 'boolean' ? 'off' : `\`${value}\``);
      return [
        `\`--${flagName(name)}\``,
        ownersText(owners),
        help,
        rangeOf(z.toJSONSchema(schema.unwrap())),
        fallback,
        source,
      ];
    }),
  );
  return table(['option', 'of', 'what it is', 'values', 'default', 'source'], rows);
}

/** The published settings of the methods that optimise masks. */
function presetTable() {
  const rows = Object.entries(PRESETS).map(([method, preset]) => {
    const { step, sigma, iterations, learningRate, rewardWeight, areaWeight } = preset;
    const reach =
      sigma.small === sigma.large ? sigma.small : `${sigma.small}, of large frames ${sigma.large}`;
    return [`\`${method}\``, step, reach, iterations, learningRate, rewardWeight, areaWeight].map(String);
  });
  const flags = ['step', 'sigma', 'iterations', 'learning-rate', 'reward-weight', 'area-weight'];
  return table(['preset', ...flags.map((flag) => `\`--${flag}\``)], rows);
}

/** All masks in one word, for they are five. */
function ownersText(owners) {
  if (owners === undefined) return 'all';
  const masks = ownersOf('area');
  const others = owners.filter((name) => !masks.includes(name));
  return masks.every((name) => owners.includes(name)) ? ['masks', ...others].join(', ') : owners.join(', ');
}

/** What a type allows, in words, from its JSON schema. */
function rangeOf({ type, const: word, enum: names, anyOf, items, prefixItems, ...limits }) {
  if (word !== undefined) return `\`${word}\``;
  if (names) return names.map((name) => `\`${name}\``).join(', ');
  if (anyOf) return anyOf.map(rangeOf).join('; or ');
  if (prefixItems) return `${prefixItems.length} numbers, each ${rangeOf(prefixItems[0])}`;
  if (items) return `several, each ${rangeOf(items)}`;
  if (type === 'boolean') return '';
  if (type === 'string') return 'text';
  const { minimum, exclusiveMinimum: above, maximum = Number.MAX_SAFE_INTEGER } = limits;
  const low = above === undefined || above < minimum ? `from ${minimum}` : `above ${above}`;
  const high = maximum === Number.MAX_SAFE_INTEGER ? '' : ` to ${maximum}`;
  return `${type === 'integer' ? 'a whole number ' : ''}${low}${high}`;
}

/** A Markdown table with columns of even width. */
function table(head, rows) {
  const all = [head, ...rows].map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  const widths = head.map((_, column) => Math.max(3, ...all.map((row) => row[column].length)));
  const line = (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`;
  const [first, ...rest] = all.map(line);
  return [first, `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rest].join('\n');
}

if (isMain(import.meta.url)) {
  main(async () => {
    const before = readFileSync(PAGE, 'utf8');
    const after = withTables(before);
    if (process.argv.includes('--check') && after !== before) {
      throw new Failure('The tables of docs/explain.md are not up to date: npm run docs:tables writes them.');
    }
    writeFileSync(PAGE, after);
  });
}
