// Lists of data sets: CSV and JSON of folders, UCF101-24's lists, EPIC-Kitchens-Object's tables.
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openDataset } from 'fep-native/datasets';
import { HOSTILE_JSON, spoilText, spoilValue } from '../mutate.mjs';

const fixtures = fileURLToPath(new URL('../../fixtures/datasets', import.meta.url));
const WORDS = [
  '../../../../etc/passwd',
  '/etc/passwd',
  '..',
  'a/../../b',
  '"',
  ',',
  '\n',
  '\r',
  '\t',
  '=1+1',
  '-1',
  '1e999',
  'NaN',
  '{',
  '}',
  '(1,2,3,4)',
  ' '.repeat(30_000),
  '9'.repeat(400),
  '{1:(',
  '\ufeff',
  '\0',
];
const BOX = { x: 1, y: 1, width: 3, height: 3 };
const CLIPS = [
  { path: 'a.npy', label: 'one', boxes: [BOX, null, [BOX, BOX]] },
  { path: 'b/c.npy', label: 'two', split: 'val' },
];
const CSV = 'path,label,split\na.npy,one,val\nb/c.npy,two,val\n';
const BOXES = 'path,frame,x,y,width,height\na.npy,0,1,1,3,3\na.npy,2,1,1,3,3\n';

function copies(folder) {
  for (const name of ['ucf101-24', 'epic-object'])
    cpSync(join(fixtures, name), join(folder, name), { recursive: true });
  mkdirSync(join(folder, 'json', 'b'), { recursive: true });
  mkdirSync(join(folder, 'csv', 'b'), { recursive: true });
  for (const name of ['json', 'csv'])
    for (const clip of ['a.npy', 'b/c.npy']) writeFileSync(join(folder, name, clip), '');
}

/** The texts of the fixtures that a reader opens. */
const tables = [
  { set: 'ucf101-24', name: 'testlist01.txt' },
  ...[
    'Valid_seg_top20_4_val.csv',
    'Valid_seg_top20_noun_labels.csv',
    'EPIC_video_info.csv',
    'boxes.json',
  ].map((name) => ({ set: 'epic-object', name })),
].map((table) => ({ ...table, text: readFileSync(join(fixtures, table.set, table.name), 'utf8') }));

async function open(spec, options) {
  const dataset = await openDataset(spec, options);
  const bad = dataset.samples.find(({ id }) => !/^[\w.-]+$/.test(id));
  if (bad) throw new Error(`an id that is no name: ${bad.id}`);
  return dataset;
}

export default (folder) => {
  copies(folder);
  return async (random) => {
    const skipErrors = random.integer(2) === 0;
    const kind = random.integer(3);
    if (kind === 0) {
      const value = { clips: CLIPS, classes: ['one', 'two'] };
      const text = JSON.stringify(spoilValue(value, random, HOSTILE_JSON)) ?? '';
      writeFileSync(
        join(folder, 'json', 'manifest.json'),
        random.integer(3) ? text : spoilText(text, WORDS, random),
      );
      return open(`folder:${join(folder, 'json')}`, { skipErrors });
    }
    if (kind === 1) {
      const which = random.integer(2);
      writeFileSync(join(folder, 'csv', 'manifest.csv'), which ? CSV : spoilText(CSV, WORDS, random));
      writeFileSync(join(folder, 'csv', 'boxes.csv'), which ? spoilText(BOXES, WORDS, random) : BOXES);
      return open(`folder:${join(folder, 'csv')}`, { skipErrors });
    }
    const { set, name, text } = random.pick(tables);
    writeFileSync(join(folder, set, name), spoilText(text, WORDS, random));
    try {
      const split = name === 'boxes.json' ? { split: 'sampled' } : {};
      return await open(`${set}:${join(folder, set)}`, { skipErrors, ...split });
    } finally {
      writeFileSync(join(folder, set, name), text);
    }
  };
};
