import { existsSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import express, { type RequestHandler } from 'express';

const year = 365 * 24 * 3600;

/**
 * The built studio: its files, and its page for every other address, since it does its own routing. Where it was not
 * built, a page that says so.
 */
export function serveStudio(folder: string): RequestHandler[] {
  const page = join(folder, 'index.html');
  return [
    express.static(folder, {
      index: false,
      redirect: false,
      setHeaders: (response, path) => keepAssets(response, path, folder),
    }),
    (request, response, next) => {
      if (request.method !== 'GET' && request.method !== 'HEAD') return next();
      if (!existsSync(page)) return void response.status(503).type('text/plain').send(notBuilt);
      if (looksLikeFile(request.path)) return next();
      response.sendFile('index.html', { root: folder, cacheControl: false, headers: { 'cache-control': 'no-cache' } });
    },
  ];
}

/** The names of built assets carry a hash of their content; everything else is asked for again. */
function keepAssets(response: ServerResponse, path: string, folder: string): void {
  const lasting = path.startsWith(join(folder, 'assets'));
  response.setHeader('cache-control', lasting ? `public, max-age=${year}, immutable` : 'no-cache');
}

const notBuilt = `The studio was not built. Build it with:

    npm run build --workspace @millrace/studio

The API is at /api/v1, its reference at /api/v1/docs.
`;

/** A page in place of a missing script would only hide what is wrong. */
function looksLikeFile(path: string): boolean {
  return /\.[a-z0-9]+$/i.test(path) || path.startsWith('/assets/');
}
