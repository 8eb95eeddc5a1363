import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { projectRoot } from '@domicile/runtime';
import { AppModule } from '../app.module.js';
import { describe } from './document.js';

/**
 * Writes docs/openapi.json (`npm run generate:openapi`). Nest's preview mode reads the decorators without making a single
 * provider, so it needs neither settings nor a database. The file is under version control: a test fails when it differs.
 */
async function generate(): Promise<void> {
  const module = AppModule.forPreview();
  const app = await NestFactory.create<NestFastifyApplication>(module, new FastifyAdapter(), {
    preview: true,
    logger: false,
  });
  const folder = join(projectRoot(), 'docs');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'openapi.json'), `${JSON.stringify(describe(app), null, 2)}\n`);
}

await generate();
