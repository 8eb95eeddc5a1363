import { randomBytes } from 'node:crypto';
import { Controller, Get, Header, Inject, NotFoundException, Req, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiExcludeController } from '@nestjs/swagger';
import { Contexts, Ctx, ORIGIN_ALONE, type RegionContext } from '@domicile/residency';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { regionList } from '../regions.controller.js';
import { pagePolicy, renderPage } from './page.js';
import { WEB_BUILD, type WebBuild } from './web-build.js';

/** Every path that is a page of the customer's web; what is on it, the web itself decides (apps/web/src/pages.ts). */
const PAGES = [
  '/',
  '/sign-up',
  '/confirm',
  '/sign-in',
  '/recover',
  '/address',
  '/undo',
  '/invitations',
  '/privacy',
  '/applications/:id',
  '/a/:id',
  '/a/:id/*',
  '/me',
  '/me/*',
];

/** Pages that another program sends the browser to, with an answer in the query. */
const PAGES_WITH_QUERY = ['/provider-callback'];

/** Below these are things for programs: whoever mistakes one of them is told as a program is. */
const FOR_PROGRAMS = /^\/(?:v1|oidc|assets|docs)(?:[/?]|$)/;

/**
 * The customer's web: one document for every page, made anew for each answer (its nonce), kept by nobody. The region is that of the origin;
 * neither a cookie nor an id in the path is looked at, as the document holds public facts alone.
 */
@Controller()
@ApiExcludeController()
export class WebController {
  constructor(
    @Inject(Contexts) private readonly contexts: Contexts,
    @Inject(WEB_BUILD) private readonly build: WebBuild,
  ) {}

  @Get(PAGES)
  @RouteConfig({ [ORIGIN_ALONE]: true })
  @Header('content-type', 'text/html; charset=utf-8')
  page(@Ctx() ctx: RegionContext, @Res({ passthrough: true }) reply: FastifyReply): string {
    const nonce = randomBytes(16).toString('base64url');
    void reply.header('content-security-policy', pagePolicy(nonce));
    return renderPage({ build: this.build, region: ctx.region.code, list: regionList(this.contexts), nonce });
  }

  @Get(PAGES_WITH_QUERY)
  @RouteConfig({ [ORIGIN_ALONE]: true, query: true })
  @Header('content-type', 'text/html; charset=utf-8')
  pageWithQuery(@Ctx() ctx: RegionContext, @Res({ passthrough: true }) reply: FastifyReply): string {
    return this.page(ctx, reply);
  }

  /** Whoever goes to a page that does not exist sees one that says so; programs are told what they are told everywhere. */
  @Get('/*')
  @RouteConfig({ [ORIGIN_ALONE]: true, query: true })
  noSuchPage(
    @Ctx() ctx: RegionContext,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): string {
    if (FOR_PROGRAMS.test(request.url) || !request.headers.accept?.includes('text/html')) throw new NotFoundException();
    void reply.code(404).header('content-type', 'text/html; charset=utf-8');
    return this.page(ctx, reply);
  }
}
