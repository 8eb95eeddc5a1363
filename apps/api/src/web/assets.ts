import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { REGIONLESS } from '@domicile/residency';
import type { WebBuild } from './web-build.js';

/** A file is named by its content: another content has another name. */
const FOR_EVER = 'public, max-age=31536000, immutable';
/** But for the icon, which browsers ask for by its one name. */
const NAMED_BY_CONTENT = /-[\w-]{8}\.(?:js|css)(?:\.br|\.gz)?$/;
const AN_HOUR = 'public, max-age=3600';

/**
 * Serves the files of the web below `/assets`, compressed ahead at the build. They belong to no region and hold nothing of anybody. Call it
 * after the hooks that are to hold there, too.
 */
export function installAssets(fastify: FastifyInstance, { assetsFolder }: WebBuild): void {
  void fastify.register(async (room) => {
    room.addHook('onRoute', (route) => {
      route.config = Object.assign({}, route.config, { [REGIONLESS]: true });
    });
    await room.register(fastifyStatic, {
      root: assetsFolder,
      prefix: '/assets/',
      preCompressed: true,
      wildcard: false,
      index: false,
      cacheControl: false,
      globIgnore: ['**/*.{br,gz}'],
      setHeaders: (reply, file) => void reply.header('cache-control', NAMED_BY_CONTENT.test(file) ? FOR_EVER : AN_HOUR),
    });
  });
}
