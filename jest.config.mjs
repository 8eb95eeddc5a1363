/** Three sizes of test, one configuration: see test/README.md for what each project holds and how long it takes. */
const transform = {
  '^.+\\.ts$': [
    '@swc/jest',
    {
      jsc: {
        target: 'es2022',
        parser: { syntax: 'typescript', decorators: true },
        transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
      },
      module: { type: 'es6' },
    },
  ],
};

const common = {
  rootDir: '.',
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform,
  moduleNameMapper: {
    '^@domicile/(.*)$': '<rootDir>/libs/$1/src/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
};

/** Drills that take minutes by themselves; not part of npm test, which has twelve. */
const EXTENDED = ['own-databases', 'upgrade', 'start-receipts'];

const project = (displayName, testMatch, extra = {}) => ({ ...common, displayName, testMatch, ...extra });

export default {
  maxWorkers: 2,
  workerIdleMemoryLimit: '1GB',
  testTimeout: 60_000,
  testSequencer: '<rootDir>/test/support/sequencer.mjs',
  globalSetup: '<rootDir>/test/support/global-setup.mjs',
  globalTeardown: '<rootDir>/test/support/global-teardown.mjs',
  projects: [
    project('unit', ['<rootDir>/{apps,libs}/**/*.spec.ts']),
    project('architecture', ['<rootDir>/test/architecture/*.spec.ts']),
    project('residency', ['<rootDir>/test/residency/**/*.spec.ts']),
    project('contract', ['<rootDir>/test/contract/*.spec.ts']),
    project('e2e', ['<rootDir>/test/e2e/*.spec.ts']),
    project('drills', ['<rootDir>/test/drills/*.spec.ts'], { testPathIgnorePatterns: EXTENDED }),
    // Long ones about what few changes touch: npm run test:extended.
    project(
      'extended',
      EXTENDED.map((name) => `<rootDir>/test/drills/${name}.spec.ts`),
    ),
  ],
};
