import { defineConfig } from 'oxlint';

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

/** Texts of pages: what is read, or read out. Digits and signs are no words. */
const WORDS =
  'Every word of a page stands in the catalogues (apps/web/src/i18n): elsewhere it would speak one language to everybody.';
const NAMED = 'JSXAttribute[name.name=/^(label|title|placeholder|description|lead|alt|aria-label|aria-description)$/]';
const pageSyntax = [
  // Commands are the same in every language.
  { selector: "JSXElement:not([openingElement.name.name='Code']) > JSXText[value=/\\p{L}/u]", message: WORDS },
  { selector: 'JSXFragment > JSXText[value=/\\p{L}/u]', message: WORDS },
  { selector: 'JSXElement > JSXExpressionContainer > Literal[value=/\\p{L}/u]', message: WORDS },
  { selector: `${NAMED} > Literal[value=/\\p{L}/u]`, message: WORDS },
  { selector: `${NAMED} > JSXExpressionContainer > Literal[value=/\\p{L}/u]`, message: WORDS },
  { selector: `${NAMED} > JSXExpressionContainer > ConditionalExpression > Literal[value=/\\p{L}/u]`, message: WORDS },
];

/** What outside of libs/residency is taken from TypeORM: how tables are declared and migrations written. */
const DECLARATIONS = ['Column', 'PrimaryColumn', 'Index', 'ForeignKey', 'MigrationInterface', 'QueryRunner'];

const HANDLES = {
  paths: [
    {
      name: 'typeorm',
      allowImportNames: DECLARATIONS,
      message:
        'Outside of libs/residency TypeORM is for entity decorators and migrations: anything else is a handle past the door (law L3).',
    },
    { name: 'pg', message: 'Only libs/residency talks to PostgreSQL (law L3).' },
    {
      name: '@nestjs/typeorm',
      message: '@InjectRepository and TypeOrmModule hand unguarded handles to anyone (law L3).',
    },
  ],
};

export default defineConfig({
  plugins: ['typescript'],
  // The one rule that the linter itself has not.
  jsPlugins: [{ name: 'eslint-js', specifier: 'oxlint-plugin-eslint' }],
  categories: { correctness: 'error' },
  ignorePatterns: ['dist/', '.domicile/', 'coverage/', 'libs/api-client/src/schema.ts', '**/*.mjs'],
  options: { typeAware: true, reportUnusedDisableDirectives: 'error' },
  rules: {
    eqeqeq: 'error',
    'no-console': 'error',
    'no-control-regex': 'off', // They are what the rules on texts are about.
    'no-var': 'error',
    'prefer-const': 'error',
    'prefer-rest-params': 'error',
    'prefer-spread': 'error',
    'no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    'typescript/ban-ts-comment': 'error',
    'typescript/consistent-type-imports': [
      'error',
      { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
    ],
    'typescript/no-array-constructor': 'error',
    'typescript/no-empty-object-type': 'error',
    'typescript/no-explicit-any': 'error',
    'typescript/no-misused-promises': 'error',
    'typescript/no-misused-spread': 'off', // Code points are what is counted here, and records of classes are plain.
    'typescript/no-namespace': 'error',
    'typescript/no-require-imports': 'error',
    'typescript/no-unnecessary-type-assertion': 'error',
    'typescript/no-unnecessary-type-constraint': 'error',
    'typescript/no-unsafe-argument': 'error',
    'typescript/no-unsafe-assignment': 'error',
    'typescript/no-unsafe-call': 'error',
    'typescript/no-unsafe-enum-comparison': 'error',
    'typescript/no-unsafe-function-type': 'error',
    'typescript/no-unsafe-member-access': 'error',
    'typescript/no-unsafe-return': 'error',
    'typescript/no-useless-default-assignment': 'off', // It takes what is handed in by others for what they promise.
    'typescript/only-throw-error': 'error',
    'typescript/prefer-promise-reject-errors': 'error',
    'typescript/require-array-sort-compare': 'off', // Of texts, by code unit.
    'typescript/require-await': 'error',
    'typescript/restrict-plus-operands': 'error',
    'typescript/restrict-template-expressions': 'error',
  },
  overrides: [
    {
      files: ['apps/**/*.{ts,tsx}', 'libs/**/*.ts'],
      excludeFiles: ['**/*.spec.ts'],
      rules: {
        'eslint-js/no-restricted-syntax': ['error', ...houseSyntax],
        'no-restricted-imports': ['error', HANDLES],
        'max-lines': ['error', { max: 300, skipBlankLines: true }],
        'max-lines-per-function': ['error', { max: 60, skipComments: true, skipBlankLines: true }],
      },
    },
    {
      files: ['apps/web/src/**/*.tsx'],
      rules: { 'eslint-js/no-restricted-syntax': ['error', ...houseSyntax, ...pageSyntax] },
    },
    {
      files: ['libs/residency/src/**/*.ts', 'apps/cli/src/local/**/*.ts'],
      rules: {
        'eslint-js/no-restricted-syntax': ['error', ...houseSyntax.slice(0, -1)],
        'no-restricted-imports': 'off',
      },
    },
    {
      files: ['apps/*/src/main.ts'],
      rules: { 'eslint-js/no-restricted-syntax': ['error', ...houseSyntax.slice(1)] },
    },
    {
      // Nest reads classes at run time where decorators stand; an import for types alone would take them away.
      files: ['**/*.{controller,dto}.ts'],
      rules: { 'typescript/consistent-type-imports': 'off' },
    },
    {
      // Tests build what must be refused, with every means.
      files: ['**/*.spec.ts', 'test/**/*.ts'],
      rules: {
        'typescript/no-unsafe-assignment': 'off',
        'typescript/no-unsafe-member-access': 'off',
        'typescript/no-unsafe-argument': 'off',
        'typescript/no-unsafe-call': 'off',
        'typescript/no-unsafe-return': 'off',
        'typescript/require-await': 'off',
        'typescript/unbound-method': 'off',
        'no-console': 'off',
        'no-loss-of-precision': 'off',
      },
    },
  ],
});
