/** The same objects for `import`: one implementation, however the package is loaded. */
export * from './studio.js';
