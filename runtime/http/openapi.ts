import type { TSchema } from 'typebox';
import type { Route } from './route.ts';
import { ErrorAnswer } from './schemas.ts';

/** The OpenAPI 3.1 document of the declared routes; TypeBox schemas are JSON Schema as they stand. */
export function openApi(routes: readonly Route[], version: string): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method]: operation(route) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Millrace', version, description: 'Flows, runs, signals, records and connections of one tenant.' },
    servers: [{ url: '/api/v1' }],
    paths,
    components: {
      schemas: { Error: ErrorAnswer },
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'An API key' },
        apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key' },
      },
    },
    security: [{ bearer: [] }, { apiKey: [] }],
  };
}

function operation(route: Route): Record<string, unknown> {
  const { tag, action, summary, description, body } = route;
  return {
    operationId: operationId(route),
    tags: [tag],
    summary,
    ...(description !== undefined && { description }),
    ...(action === 'anybody' && { security: [] }),
    ...(action !== 'anybody' && { 'x-action': action }),
    parameters: [...parameters('path', route.params), ...parameters('query', route.query)],
    ...(body && { requestBody: { required: true, content: json(body) } }),
    responses: {
      ...answers(route),
      default: { description: 'Error', content: json({ $ref: '#/components/schemas/Error' }) },
    },
  };
}

/** `GET /runs/:id` is `get_runs_id`: stable, since clients are generated from it. */
function operationId({ method, path }: Route): string {
  return [method, ...path.split('/').filter((part) => part !== '')].join('_').replaceAll(/[^\w]+/g, '');
}

function parameters(place: 'path' | 'query', schema: TSchema | undefined): unknown[] {
  const { properties = {}, required = [] } = (schema ?? {}) as {
    properties?: Record<string, TSchema>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: required.includes(name),
    schema: property,
  }));
}

function answers({ answers }: Route): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(answers).map(([status, { description, schema, mediaType }]) => [
      status,
      { description, ...(schema && { content: { [mediaType ?? 'application/json']: { schema } } }) },
    ]),
  );
}

function json(schema: TSchema | { $ref: string }): Record<string, unknown> {
  return { 'application/json': { schema } };
}
