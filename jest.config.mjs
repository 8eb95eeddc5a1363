import { packageMapper } from './test/support/packages.mjs';

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
    ...packageMapper,
    '^@domicile/(.*)$': '<rootDir>/libs/$1/src/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
};

/** Long ones about what few changes touch, for npm run test:extended; not part of npm test, which has twelve minutes. */
const EXTENDED = [
  'browser/account-faults',
  'browser/own-provider',
  'browser/person',
  'browser/way-in-elsewhere',
  'drills/embedded-postgres',
  'drills/own-databases',
  'drills/start-receipts',
  'drills/start-stacks',
  'drills/upgrade',
  'e2e/third-region',
].map((name) => `<rootDir>/test/${name}.spec.ts`);

const project = (displayName, testMatch, testPathIgnorePatterns = EXTENDED) => ({
  ...common,
  displayName,
  testMatch,
  testPathIgnorePatterns: ['/node_modules/', ...testPathIgnorePatterns],
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
    project('residency', ['<rootDir>/test/residency/**/*.spec.ts']),
    project('contract', ['<rootDir>/test/contract/*.spec.ts']),
    project('e2e', ['<rootDir>/test/e2e/*.spec.ts']),
    project('browser', ['<rootDir>/test/browser/*.spec.ts']),
    project('drills', ['<rootDir>/test/drills/*.spec.ts']),
    project('extended', EXTENDED, []),
  ],
};
