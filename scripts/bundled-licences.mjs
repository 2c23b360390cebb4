// The licence notices of bundled packages, which must accompany their code.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A Rollup plugin that passes on the licences of all packages in a bundle as one text. */
export function collectLicences(onText) {
  return {
    name: 'licences',
    generateBundle(_, bundle) {
      const modules = Object.values(bundle).flatMap(({ moduleIds = [] }) => moduleIds);
      onText(licenceText(new Set(modules.map(packageFolder).filter(Boolean))));
    },
  };
}

/** The folder of a module's package; undefined for our own modules. */
function packageFolder(id) {
  return /^\0?(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(id)?.[1];
}

function manifestOf(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}

/** Groups packages by licence text, in a stable order. */
function licenceText(folders) {
  const byText = new Map();
  for (const folder of [...folders].sort()) {
    const { name, license } = manifestOf(folder);
    const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
    const text = file ? readFileSync(join(folder, file), 'utf8').trim() : `Licence: ${license}`;
    byText.set(text, [...(byText.get(text) ?? []), name]);
  }
  const parts = [...byText].map(([text, names]) => `${names.join(', ')}\n\n${text}`);
  return ['This contains:', ...parts].join('\n\n====\n\n');
}
