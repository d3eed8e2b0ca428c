import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import Type from 'typebox';
import { notFound } from './errors.ts';
import { ok, type Route, route } from './route.ts';

const folder = new URL('../../docs/', import.meta.url);

/** The pages for users, as they lie in `docs/`, so that each screen can lead to its own. */
export const helpRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/help/:page',
    action: 'catalogue.read',
    tag: 'Catalogue',
    summary: 'A page of the documentation',
    params: Type.Object({
      page: Type.String({
        pattern: '^(nodes/)?[A-Za-z][A-Za-z0-9-]{0,60}$',
        description: '`connections`, `nodes/core`',
      }),
    }),
    answers: { 200: { description: 'The page', schema: Type.Object({ markdown: Type.String() }) } },
    async handle({ params: { page } }) {
      const markdown = await readFile(fileURLToPath(new URL(`${page}.md`, folder)), 'utf8').catch(() => undefined);
      if (markdown === undefined) throw notFound('This page');
      return ok({ markdown });
    },
  }),
];
