import { countryOf, deviceWords } from '@domicile/accounts';
import type { Origin } from '@domicile/residency';
import { clientNetwork } from '@domicile/runtime';
import type { FastifyRequest } from 'fastify';

/** Where a request came from, in words; neither address nor User-Agent goes any further. */
export async function clientOrigin(request: FastifyRequest): Promise<Origin> {
  return { device: deviceWords(request.headers['user-agent']), country: await countryOf(clientNetwork(request)) };
}
