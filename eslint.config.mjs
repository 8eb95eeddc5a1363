import tseslint from 'typescript-eslint';

/** Each rule of the house says why it stands; see docs/ARCHITECTURE.md for the whole picture. */
const REGION_NAMES = 'eu|us|ch';

const houseSyntax = [
  {
    selector: "MemberExpression[object.name='process'][property.name='env']",
    message:
      'Only main.ts reads the environment, and hands it to the settings: a setting that nobody listed cannot be checked.',
  },
  { selector: 'ExportDefaultDeclaration', message: 'No default exports: a thing has one name everywhere.' },
  {
    selector: "CallExpression[callee.name='forwardRef']",
    message: 'No forwardRef: a cycle is a design error, not an import order.',
  },
  {
    selector: `Literal[value=/^(${REGION_NAMES})$/i], Literal[value=/(^|[_.\\/-])(${REGION_NAMES})([_.\\/-]|$)/], TemplateElement[value.raw=/[_.\\/](${REGION_NAMES})([_.\\/]|$)/]`,
    message: "No region's name in code: regions are configuration, and a third one must need no change here.",
  },
  {
    selector:
      "NewExpression[callee.object.name='pg'][callee.property.name=/^(Client|Pool)$/], NewExpression[callee.name=/^(Client|Pool|DataSource)$/]",
    message:
      'Only libs/residency opens a connection (and the launcher, to prepare its own servers): every other one would go round the guard.',
  },
];

const handles = (allowed) => [
  'error',
  {
    paths: [
      {
        name: 'typeorm',
        allowImportNames: allowed,
        message:
          'Outside of libs/residency TypeORM is for entity decorators and migrations: anything else is a handle past the door (law L3).',
      },
      { name: 'pg', message: 'Only libs/residency talks to PostgreSQL (law L3).' },
      {
        name: '@nestjs/typeorm',
        message: '@InjectRepository and TypeOrmModule hand unguarded handles to anyone (law L3).',
      },
    ],
  },
];

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', '.domicile/', 'coverage/', 'libs/api-client/src/schema.ts'] },
  ...tseslint.configs.recommendedTypeChecked.map((config) => ({ ...config, files: ['**/*.{ts,tsx}'] })),
  {
    files: ['**/*.{ts,tsx}'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-floating-promises': 'error',
      'no-console': 'error',
      eqeqeq: 'error',
    },
  },
  {
    files: ['apps/**/*.{ts,tsx}', 'libs/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    rules: {
      'no-restricted-syntax': ['error', ...houseSyntax],
      'no-restricted-imports': handles([
        'Column',
        'PrimaryColumn',
        'Index',
        'ForeignKey',
        'MigrationInterface',
        'QueryRunner',
      ]),
      'max-lines': ['error', { max: 300, skipBlankLines: true }],
      'max-lines-per-function': ['error', { max: 60, skipComments: true, skipBlankLines: true }],
    },
  },
  {
    files: ['libs/residency/src/**/*.ts', 'apps/cli/src/local/**/*.ts'],
    rules: {
      'no-restricted-syntax': ['error', ...houseSyntax.slice(0, -1)],
      'no-restricted-imports': 'off',
    },
  },
  {
    files: ['apps/*/src/main.ts'],
    rules: { 'no-restricted-syntax': ['error', ...houseSyntax.slice(1)] },
  },
  {
    // Tests build what must be refused, with every means.
    files: ['**/*.spec.ts', 'test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/unbound-method': 'off',
      'no-console': 'off',
    },
  },
);
