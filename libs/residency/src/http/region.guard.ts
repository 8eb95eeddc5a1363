import {
  type CanActivate,
  type ExecutionContext,
  Injectable,
  SetMetadata,
  applyDecorators,
  createParamDecorator,
} from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { ResidencyError } from '../errors.js';
import type { RegionContext } from '../context.js';
import type { Id } from '../ids.js';
import { REGIONLESS, contextOf, isInUnit, isRegionless } from './region-hooks.js';

/**
 * The second look, at the controller's door: a handler runs with an open context or is declared region-less. It fails
 * closed if the hooks of region-hooks.ts were never installed.
 */
@Injectable()
export class RegionGuard implements CanActivate {
  /** @throws ResidencyError residency.context_missing */
  canActivate(execution: ExecutionContext): boolean {
    const request = execution.switchToHttp().getRequest<FastifyRequest>();
    if (!isInUnit(request) && !isRegionless(request)) contextOf(request);
    return true;
  }
}

/** Marks a handler that touches no region's data: it is served on any origin and gets no context. */
export function Regionless(): MethodDecorator {
  return applyDecorators(RouteConfig({ [REGIONLESS]: true }), SetMetadata(REGIONLESS, true));
}

/** Handler parameter: the request's {@link RegionContext}. */
export const Ctx = createParamDecorator((_: unknown, execution: ExecutionContext): RegionContext =>
  contextOf(execution.switchToHttp().getRequest<FastifyRequest>()),
);

/**
 * Handler parameter: the id in the path, of that kind. Its region is the request's already (the router saw to it).
 * @throws ResidencyError residency.not_found for an id of another kind
 */
export function IdParam(prefix: string, name = 'id'): ParameterDecorator {
  return createParamDecorator((_: unknown, execution: ExecutionContext): Id => {
    const text = (execution.switchToHttp().getRequest<FastifyRequest>().params as Record<string, string>)[name] ?? '';
    if (!text.startsWith(`${prefix}_`)) throw new ResidencyError('residency.not_found');
    return text as Id;
  })();
}
