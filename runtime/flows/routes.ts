import { authoringSchema, type Catalogue, isObject, type Problem } from '@millrace/contract';
import type { FlowDocument } from '@millrace/flow';
import { Value } from 'typebox/value';
import type { Route } from '../postgres/flows/deployments.ts';

/** The webhook routes that a document asks for; a trigger of a draft that is not configured properly asks for none. */
export function routesOf({ nodes }: FlowDocument, catalogue: Catalogue): Route[] {
  return Object.entries(nodes).flatMap(([id, node]) => {
    const spec = isObject(node) ? catalogue.triggers.get(node.type) : undefined;
    if (!spec || !Value.Check(authoringSchema(spec.config), node.config)) return [];
    const activation = spec.activation(Value.Default(spec.config, structuredClone(node.config)));
    return activation.kind === 'route' ? [{ method: activation.method, path: activation.path, node: id }] : [];
  });
}

/** Routes that are taken by another flow, or by two triggers of this one. */
export function routeProblems(routes: readonly Route[], taken: readonly (Route & { by: string })[]): Problem[] {
  const repeated = routes.filter((route, index) => routes.findIndex((other) => isSame(route, other)) < index);
  return [
    ...taken.map((route) => routeTaken(route, `by the flow “${route.by}”`)),
    ...repeated.map((route) => routeTaken(route, 'by another trigger of this flow')),
  ];
}

function isSame(one: Route, other: Route): boolean {
  return one.method === other.method && one.path === other.path;
}

function routeTaken({ method, path, node }: Route, by: string): Problem {
  return {
    code: 'ROUTE_TAKEN',
    pointer: `/nodes/${node}/config/path`,
    message: `${method} ${path} is served ${by} already.`,
    hint: 'Choose another path.',
  };
}
