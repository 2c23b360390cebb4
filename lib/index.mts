/** The same objects for `import`: one implementation, one FepError, however the package is loaded. */
export * from './index.js';
