import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { TEXT_RULE_MESSAGES } from '@domicile/accounts';
import { Issuers } from '@domicile/oidc';
import { RateLimits } from '@domicile/requests';
import { regionOf, type Regions } from '@domicile/residency';
import {
  type ApiSettings,
  createEventLog,
  type EventLog,
  fastifyOptions,
  installAnswerHeaders,
  installStrictJsonBody,
  installUnreadBodies,
  nestLogger,
  ProblemFilter,
  refuseMissingHost,
  refuseRedirects,
  refuseUndeclaredQueries,
  securityHeaders,
  trustProxies,
  validationPipe,
} from '@domicile/runtime';
import { AppModule } from './app.module.js';
import { CATALOGUE } from './catalogue.js';
import { installOidc } from './oidc.js';
import { ApiDocument } from './openapi/document.js';
import { installAssets } from './web/assets.js';
import { WEB_BUILD, type WebBuild } from './web/web-build.js';

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
  const headers = securityHeaders(isHttps(settings, regions));
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.forRoot(settings, regions, log),
    new FastifyAdapter(fastifyOptions(headers)),
    { bodyParser: false, abortOnError: false, logger: nestLogger(log) },
  );
  // The region's hooks are there by now, so a refused query names its region too.
  const fastify = app.getHttpAdapter().getInstance();
  installStrictJsonBody(fastify);
  installUnreadBodies(fastify);
  refuseMissingHost(fastify);
  refuseUndeclaredQueries(fastify);
  refuseRedirects(fastify);
  installAnswerHeaders(fastify, headers);
  trustProxies(fastify, settings.trustedProxyCidrs);
  installOidc(fastify, {
    issuers: app.get(Issuers, { strict: false }),
    limits: app.get(RateLimits, { strict: false }),
    regions,
    headers,
  });
  installAssets(fastify, app.get<WebBuild>(WEB_BUILD));
  app.useGlobalPipes(validationPipe(TEXT_RULE_MESSAGES));
  app.useGlobalFilters(new ProblemFilter(CATALOGUE, log, (request) => regionOf(request)?.code));
  app.get(ApiDocument).describes(app);
  return app;
}

/** True when browsers reach every region served here over https. */
function isHttps(settings: ApiSettings, regions: Regions): boolean {
  return settings.regions.every(({ code }) => regions.get(code).origins.customer.startsWith('https:'));
}
