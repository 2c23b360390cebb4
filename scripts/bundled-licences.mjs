// What the licences of bundled packages ask for: that their notices go where the code goes.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A Rollup plugin that hands over the licences of all packages that a bundle holds, as one text. */
export function collectLicences(onText) {
  return {
    name: 'licences',
    generateBundle(_, bundle) {
      const modules = Object.values(bundle).flatMap(({ moduleIds = [] }) => moduleIds);
      onText(licenceText(new Set(modules.map(packageFolder).filter(Boolean))));
    },
  };
}

/** The folder of the package that a module belongs to; undefined for our own. */
function packageFolder(id) {
  return /^\0?(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(id)?.[1];
}

function manifestOf(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}

/** Packages of one licence text together, in an order that does not change. */
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
