/**
 * The floors of the house: imports point down, and into another library only through its index.ts.
 * test/architecture asserts that the tool really saw the modules (a version mismatch makes it see none, silently).
 */
const floors = [
  { floor: 0, libs: ['residency', 'runtime'] },
  { floor: 1, libs: ['vault', 'messaging'] },
  { floor: 2, libs: ['requests'] },
  { floor: 3, libs: ['accounts'] },
  { floor: 4, libs: ['receipts', 'oidc', 'federation'] },
  { floor: 5, libs: ['boot'] },
];

const sidewaysOrUp = floors.flatMap(({ floor, libs }) =>
  libs.map((lib) => {
    const allowed = floors.filter((other) => other.floor < floor).flatMap((other) => other.libs);
    return {
      name: `floor-of-${lib}`,
      comment: `libs/${lib} stands on floor ${floor}: it may import ${allowed.length ? allowed.join(', ') : 'no other library'}, so that it can be read and tested without what is built on it.`,
      severity: 'error',
      from: { path: `^libs/${lib}/` },
      to: { path: '^(libs|apps)/', pathNot: [`^libs/${lib}/`, ...allowed.map((name) => `^libs/${name}/`)] },
    };
  }),
);

module.exports = {
  forbidden: [
    ...sidewaysOrUp,
    {
      name: 'no-cycles',
      comment: 'A cycle has no bottom to start reading from.',
      severity: 'error',
      from: { path: '^(apps|libs)/' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'through-the-index',
      comment: 'Another library is entered by its index.ts: what it does not export is its own to change.',
      severity: 'error',
      from: { path: '^(apps|libs)/([^/]+)/' },
      to: { path: '^libs/([^/]+)/src/', pathNot: ['^libs/$2/', '^libs/[^/]+/src/index\\.ts$'] },
    },
    {
      name: 'one-door',
      comment: 'pg is for libs/residency, and for the launcher that prepares the servers it starts (law L3).',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: ['^libs/residency/', '^apps/cli/src/local/'] },
      to: { path: '(^|/)node_modules/(pg|pg-pool|@types/pg|pg-boss)/' },
    },
    {
      name: 'no-nestjs-typeorm',
      comment: '@InjectRepository and TypeOrmModule hand unguarded handles to anyone (law L3).',
      severity: 'error',
      from: {},
      to: { path: '@nestjs/typeorm' },
    },
    {
      name: 'apps-apart',
      comment: 'An app is a process; what two need belongs to a library.',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'production-knows-no-tests',
      comment: 'What ships does not depend on what tests it.',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^test/|node_modules/(@jest|jest|fast-check|supertest)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    exclude: { path: '^(dist|coverage)/' },
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.mjs', '.json'] },
  },
};
