import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where a runtime listens while the studio is developed. */
const runtime = 'http://127.0.0.1:7400';

export default defineConfig({
  base: '/',
  plugins: [react()],
  // The form library's test registry names its usual validator, which is not installed because it compiles code.
  resolve: {
    alias: { '@rjsf/validator-ajv8': fileURLToPath(new URL('./src/inspector/form-validator.ts', import.meta.url)) },
  },
  server: { proxy: { '/api': runtime, '/hooks': runtime } },
  build: {
    outDir: 'dist',
    // Says which files belong together; a test holds their sizes against the budget.
    manifest: true,
    target: 'es2023',
    // A strict Content-Security-Policy forbids inline scripts and data: fonts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
