/**
 * The packages that most spec files load, each in one file: Jest evaluates modules anew for every spec file, and 2,000 small ones cost
 * more than most specs themselves. The same code by the same bundler as in what ships.
 */
import { bundle } from '../../tools/bundle.mjs';

const PACKAGES = [
  '@nestjs/common',
  '@nestjs/core',
  '@nestjs/platform-fastify',
  '@nestjs/swagger',
  '@nestjs/testing',
  'class-transformer',
  'class-validator',
  'fast-check',
  'pg',
  'typeorm',
];

/** For Jest: where an import of one of them leads. */
export const packageMapper = { [`^(${PACKAGES.join('|')})$`]: '<rootDir>/dist/packages/$1.js' };

/** Makes what {@link packageMapper} leads to. */
export function bundlePackages() {
  return bundle({
    entryPoints: Object.fromEntries(PACKAGES.map((name) => [name, name])),
    outdir: 'dist/packages',
    // Before the decorators of any of them, whichever is loaded first.
    first: 'reflect-metadata',
  });
}
