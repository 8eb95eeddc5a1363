import { readdirSync } from 'node:fs';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { REGIONLESS } from '@domicile/residency';
import type { WebBuild } from './web-build.js';

/** A file is named by its content: another content has another name. */
const FOR_EVER = 'public, max-age=31536000, immutable';
/** But for the icon, which browsers ask for by its one name. */
const NAMED_BY_CONTENT = /-[\w-]{8}\.(?:js|css)(?:\.br|\.gz)?$/;
const AN_HOUR = 'public, max-age=3600';
/** Sent in the place of the file that was asked for, never by its own name. */
const COMPRESSED = /\.(?:br|gz)$/;

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
      serve: false,
      preCompressed: true,
      cacheControl: false,
      setHeaders: (reply, file) => void reply.header('cache-control', NAMED_BY_CONTENT.test(file) ? FOR_EVER : AN_HOUR),
    });
    // One route for all of them: anything else below it is nowhere. The plugin by itself would look for them, and make two routes for each.
    const names = readdirSync(assetsFolder).filter((name) => !COMPRESSED.test(name));
    const theirs = names.map((name) => name.replace(/[^\w-]/g, '\\$&')).join('|');
    room.get<{ Params: { name: string } }>(`/assets/:name(^(?:${theirs})$)`, ({ params }, reply) =>
      reply.sendFile(params.name),
    );
  });
}
