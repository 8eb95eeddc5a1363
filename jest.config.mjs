/** One configuration, one project a floor of tests: test/README.md says what each holds and how long it takes. */

/** Long ones about what few changes touch, for npm run test:extended; not part of npm test, which has twelve minutes. */
const EXTENDED = [
  'drills/embedded-postgres',
  'drills/own-databases',
  'drills/start-receipts',
  'drills/start-stacks',
  'drills/upgrade',
  'e2e/third-region',
].map((name) => `<rootDir>/test/${name}.spec.ts`);

const project = (displayName, testMatch, { ignoring = EXTENDED, librariesAnew = false } = {}) => ({
  rootDir: '.',
  displayName,
  testMatch,
  testPathIgnorePatterns: ['/node_modules/', ...ignoring],
  testRunner: '<rootDir>/test/support/in-node.mjs',
  testEnvironmentOptions: { librariesAnew },
  // Node compiles what it imports by itself.
  transform: {},
});

export default {
  maxWorkers: 2,
  workerIdleMemoryLimit: '3GB',
  testTimeout: 60_000,
  testSequencer: '<rootDir>/test/support/sequencer.mjs',
  globalSetup: '<rootDir>/test/support/global-setup.mjs',
  globalTeardown: '<rootDir>/test/support/global-teardown.mjs',
  projects: [
    project('unit', ['<rootDir>/{apps,libs}/**/*.spec.ts']),
    project('architecture', ['<rootDir>/test/architecture/*.spec.ts']),
    // Their toys are declared under the names of real tables.
    project('residency', ['<rootDir>/test/residency/**/*.spec.ts'], { librariesAnew: true }),
    project('contract', ['<rootDir>/test/contract/*.spec.ts']),
    project('e2e', ['<rootDir>/test/e2e/*.spec.ts']),
    project('browser', ['<rootDir>/test/browser/*.spec.ts']),
    project('drills', ['<rootDir>/test/drills/*.spec.ts']),
    project('extended', EXTENDED, { ignoring: [] }),
  ],
};
