import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { countryOf, deviceWords, type Origin } from '@domicile/accounts';
import { clientNetwork } from '@domicile/runtime';
import type { FastifyRequest } from 'fastify';

/** Handler parameter: the {@link Origin} of the request, in words; neither address nor User-Agent goes any further. */
export const ClientOrigin = createParamDecorator(async (_: unknown, execution: ExecutionContext): Promise<Origin> => {
  const request = execution.switchToHttp().getRequest<FastifyRequest>();
  return { device: deviceWords(request.headers['user-agent']), country: await countryOf(clientNetwork(request)) };
});
