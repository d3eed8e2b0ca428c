import type { Answer, Route } from '../http/route.ts';
import { Bundle, Problem } from '../http/schemas.ts';
import { typeOf } from './schema-type.ts';

const head = `/** The operations of \`/api/v1\`, made from their declarations by \`npm run docs\`. */
import type { Json, Problem } from '@millrace/contract';
import type { FlowBundle } from '@millrace/flow';
`;

const known = new Map<unknown, string>([
  [Bundle, 'FlowBundle'],
  [Problem, 'Problem'],
]);

/**
 * The declared routes as TypeScript, for clients: `Operations['get /flows/{id}']` with `params`, `query`, `body` and `answer`.
 * What the OpenAPI document says and what this says come from the same schemas.
 */
export function apiTypesOf(routes: readonly Route[]): string {
  return `${head}\nexport interface Operations {\n${routes.map(operationOf).join('\n')}\n}\n`;
}

function operationOf(route: Route): string {
  const { method, path, summary, params, query, body } = route;
  const name = `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`;
  const parts = { params, query, body };
  const given = Object.entries(parts).map(
    ([part, schema]) => `readonly ${part}: ${schema ? typeOf(schema, known) : 'undefined'};`,
  );
  return `  /** ${summary}. */\n  readonly '${name}': { ${given.join(' ')} readonly answer: ${answerOf(route)} };`;
}

/** What a successful answer holds; `string` where it is no JSON, `undefined` where it is empty. */
function answerOf({ answers }: Route): string {
  const good = Object.entries(answers).filter(([status]) => status.startsWith('2'));
  return [...new Set(good.map(([, answer]) => contentOf(answer)))].join(' | ') || 'undefined';
}

function contentOf({ schema, mediaType = 'application/json' }: Answer): string {
  if (schema === undefined) return 'undefined';
  return mediaType === 'application/json' ? typeOf(schema, known) : 'string';
}
