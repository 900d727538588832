import { defineConfig } from 'vite';

/** The review page: plain files that the review server reads once and hands out from memory. */
export default defineConfig({
  root: 'src/review/page',
  base: '/',
  publicDir: false,
  logLevel: 'warn',
  // The page's content security policy forbids data: addresses and inline scripts.
  build: {
    outDir: '../../../dist/review/page',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
    reportCompressedSize: false,
  },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
});
