import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';
import { compiledWords } from './compiled-words.js';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** Beside each text file its compressed forms, made once and for all: no request pays for them. */
function compressedAhead(): Plugin {
  return {
    name: 'compressed-ahead',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        for (const [fileName, output] of Object.entries(bundle)) {
          if (!/\.(?:js|css|svg)$/.test(fileName)) continue;
          const bytes = Buffer.from(output.type === 'chunk' ? output.code : output.source);
          this.emitFile({ type: 'asset', fileName: `${fileName}.br`, source: brotliCompressSync(bytes) });
          this.emitFile({ type: 'asset', fileName: `${fileName}.gz`, source: gzipSync(bytes, { level: 9 }) });
        }
      },
    },
  };
}

/** The icon, which the page names before any script runs. */
function icon(): Plugin {
  return {
    name: 'icon',
    buildStart() {
      this.emitFile({ type: 'asset', fileName: 'assets/icon.svg', source: readFileSync(path('src/icon.svg')) });
    },
  };
}

/**
 * The customer's web as static files below `dist/apps/web`: named by their content, so that they can be kept for ever. The page that
 * loads them is made by the region's API (apps/api/src/web), which reads the manifest.
 */
// oxlint-disable-next-line eslint-js/no-restricted-syntax -- the one form that Vite reads
export default defineConfig({
  root: path('.'),
  base: '/',
  publicDir: false,
  plugins: [compiledWords(), icon(), compressedAhead()],
  resolve: {
    alias: {
      '@domicile/api-client': path('../../libs/api-client/src/index.ts'),
      // The messages are compiled: what reads them need not be there.
      'use-intl/format-message': 'use-intl/format-message/format-only',
    },
  },
  build: {
    outDir: path('../../dist/apps/web'),
    emptyOutDir: true,
    target: 'es2022',
    manifest: 'manifest.json',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: path('src/main.tsx'),
      // 'use client' means something to servers that render; here is none.
      onwarn: (warning, warn) => warning.code === 'MODULE_LEVEL_DIRECTIVE' || warn(warning),
    },
    reportCompressedSize: false,
  },
});
