import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { TEXT_RULE_MESSAGES } from '@domicile/accounts';
import { regionOf, type Regions } from '@domicile/residency';
import {
  type ApiSettings,
  createEventLog,
  type EventLog,
  fastifyOptions,
  installStrictJsonBody,
  installUnreadBodies,
  nestLogger,
  ProblemFilter,
  refuseRedirects,
  refuseUndeclaredQueries,
  validationPipe,
} from '@domicile/runtime';
import type { FastifyInstance } from 'fastify';
import { AppModule } from './app.module.js';
import { CATALOGUE } from './catalogue.js';
import { ApiDocument, describe } from './openapi/document.js';

/**
 * The whole API, ready for `listen` (or `init` and Fastify's `ready` in a test). Databases are opened and proven there, and nothing
 * is served when one is not the right one.
 * @throws ResidencyError residency.configuration_invalid, or what a provider throws while it is made
 */
export async function createApp(
  settings: ApiSettings,
  regions: Regions,
  log: EventLog = createEventLog(),
): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.forRoot(settings, regions, log),
    new FastifyAdapter(fastifyOptions()),
    { bodyParser: false, abortOnError: false, logger: nestLogger(log) },
  );
  // The region's hooks are there by now, so a refused query names its region too.
  const fastify = app.getHttpAdapter().getInstance();
  installStrictJsonBody(fastify);
  installUnreadBodies(fastify);
  refuseUndeclaredQueries(fastify);
  refuseRedirects(fastify);
  keepOutOfCaches(fastify);
  app.useGlobalPipes(validationPipe(TEXT_RULE_MESSAGES));
  app.useGlobalFilters(new ProblemFilter(CATALOGUE, log, (request) => regionOf(request)?.code));
  app.get(ApiDocument).json = JSON.stringify(describe(app));
  return app;
}

/** Answers hold personal data unless they say otherwise, so nothing between us and the customer may keep them. */
function keepOutOfCaches(fastify: FastifyInstance): void {
  fastify.addHook('onSend', (_request, reply, payload, done) => {
    if (!reply.hasHeader('cache-control')) void reply.header('cache-control', 'no-store');
    done(null, payload);
  });
}
