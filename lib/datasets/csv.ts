import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { parse } from 'csv-parse/sync';
import { messageOf } from '../errors/fepError';
import { datasetError } from './problems';

/** One line of a table. */
export interface CsvRow {
  /** File and line, for messages. */
  where: string;
  /** By column name. */
  fields: Record<string, string>;
}

/**
 * Reads a CSV table whose first line names its columns.
 *
 * @param columns required columns; others are allowed
 * @throws FepError `FEP_DATASET` if it cannot be read, is not CSV or lacks a column
 */
export async function readCsv(path: string, columns: readonly string[]): Promise<CsvRow[]> {
  const name = basename(path);
  let names: string[] = [];
  const rows = await parseFile(path, name, (header) => {
    names = header;
    return header;
  });
  const missing = columns.filter((column) => !names.includes(column));
  if (missing.length > 0)
    throw datasetError(
      name,
      `the table has no column ${missing.join(', ')}`,
      'The first line names the columns.',
    );
  return rows.map(({ record, info }) => ({ where: `${name} line ${info.lines}`, fields: record }));
}

interface Parsed {
  record: Record<string, string>;
  info: { lines: number };
}

async function parseFile(path: string, name: string, columns: (header: string[]) => string[]) {
  try {
    const options = { columns, bom: true, info: true, skip_empty_lines: true, trim: true };
    return parse(await readFile(path), options) as unknown as Parsed[];
  } catch (error) {
    throw datasetError(name, `the table cannot be read: ${messageOf(error)}`, undefined, error);
  }
}
