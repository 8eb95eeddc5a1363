import { createReadStream } from 'node:fs';
import { createRequire } from 'node:module';
import { Controller, Get, Header, Inject, NotFoundException, Param, StreamableFile } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Regionless } from '@domicile/residency';
import { ApiDocument } from './document.js';

/** Swagger UI sets styles from its script, so this page's policy is looser than the API's; still nothing of a third party is loaded. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

const PAGE = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Domicile API</title>
<link rel="stylesheet" href="/docs/swagger-ui.css"></head>
<body><div id="swagger-ui"></div><script src="/docs/swagger-ui-bundle.js"></script><script src="/docs/start.js"></script></body></html>
`;
const START = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#swagger-ui', validatorUrl: null, deepLinking: true });\n`;

/** The files of Swagger UI that the page loads; nothing else of its package is served. */
const FILES: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
};
const CACHED = 'public, max-age=3600';

// Swagger UI comes with @nestjs/swagger, so it is looked for from there.
const fromSwagger = createRequire(createRequire(import.meta.url).resolve('@nestjs/swagger'));

/** The description of the API, for machines and for people. No region's data is near it. */
@Controller()
@ApiExcludeController()
export class DocsController {
  constructor(@Inject(ApiDocument) private readonly document: ApiDocument) {}

  @Get('openapi.json')
  @Regionless()
  @Header('content-type', 'application/json; charset=utf-8')
  @Header('cache-control', 'no-cache')
  openapi(): string {
    return this.document.json;
  }

  @Get('docs')
  @Regionless()
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('content-security-policy', POLICY)
  @Header('cache-control', CACHED)
  page(): string {
    return PAGE;
  }

  @Get('docs/start.js')
  @Regionless()
  @Header('content-type', 'text/javascript; charset=utf-8')
  @Header('cache-control', CACHED)
  start(): string {
    return START;
  }

  @Get('docs/:file')
  @Regionless()
  @Header('cache-control', CACHED)
  file(@Param('file') file: string): StreamableFile {
    const type = Object.hasOwn(FILES, file) ? FILES[file] : undefined;
    if (type === undefined) throw new NotFoundException();
    return new StreamableFile(createReadStream(fromSwagger.resolve(`swagger-ui-dist/${file}`)), { type });
  }
}
