import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { SECRET_COOKIE } from '@domicile/residency';
import { COOKIE_SCHEME, PROVIDER_SIGN_IN_SCHEME, SESSION_SCHEME, SIGN_IN_SCHEME, TOKEN_SCHEME } from './answers.js';
import { withExamples } from './examples.js';

/** The API's description for the controller that serves it, made when it is first asked for: few processes ever are. */
export class ApiDocument {
  #app: INestApplication | undefined;
  #json: string | undefined;

  /** Says what it describes; to be called before anything is served. */
  describes(app: INestApplication): void {
    this.#app = app;
  }

  get json(): string {
    if (!this.#app) throw new Error('The description of the API was asked for before there was an API.');
    return (this.#json ??= JSON.stringify(describe(this.#app)));
  }
}

/**
 * The OpenAPI description, from the code alone: the same bytes for every topology and every set of regions, as regions are
 * configuration and stand in no type. 3.0.3 is what @nestjs/swagger writes.
 */
export function describe(app: INestApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.0.3')
    .setTitle('Domicile')
    .setVersion('1')
    .setDescription(
      "An account platform that keeps every customer's data in the region the customer chose. Send each request to the origin of its region (GET /v1/regions lists them); a request that names another region is answered 421 with the right origin. Errors are application/problem+json (RFC 9457).",
    )
    .addBearerAuth(
      { type: 'http', description: "A session's token, as given by the confirmation of a signup." },
      SESSION_SCHEME,
    )
    .addCookieAuth(
      SECRET_COOKIE,
      {
        type: 'apiKey',
        in: 'cookie',
        description:
          "The same token as a browser keeps it. A change must then come from a page of the region's own origin.",
      },
      COOKIE_SCHEME,
    )
    .addBearerAuth(
      { type: 'http', description: 'The token of a sign-in that waits for its second step.' },
      SIGN_IN_SCHEME,
    )
    .addBearerAuth(
      { type: 'http', description: "The token of a sign-in that waits for the answer of an account's own provider." },
      PROVIDER_SIGN_IN_SCHEME,
    )
    .addBearerAuth(
      { type: 'http', description: 'An API token of the account: a program reads with it what its scopes name.' },
      TOKEN_SCHEME,
    )
    .build();
  const document = SwaggerModule.createDocument(app, config, { operationIdFactory: (_controller, method) => method });
  return withExamples({
    ...document,
    paths: Object.fromEntries(Object.entries(document.paths).sort(([a], [b]) => (a < b ? -1 : 1))),
  });
}
