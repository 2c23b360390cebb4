// Required into every process of a test run (NODE_OPTIONS) that is to use another build than build/Release: the addon is
// loaded once, and this is first.
const { FEP_TEST_BUILD } = process.env;
if (FEP_TEST_BUILD) require('../../dist/binding/addon.js').loadAddon({ nativeFolders: [FEP_TEST_BUILD] });
