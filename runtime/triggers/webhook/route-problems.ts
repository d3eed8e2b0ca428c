import type { Problem } from '@millrace/contract';
import type { Route } from '../../postgres/flows/routes.ts';
import { relate } from './route-pattern.ts';

/**
 * Routes that are taken by another flow or by two triggers of this one, and those that cross another so that a path may
 * fit both and neither is the narrower.
 */
export function routeProblems(routes: readonly Route[], others: readonly (Route & { by: string })[]): Problem[] {
  return routes.flatMap((route, index) => {
    const foreign = others.map((other) => clash(route, other, `by the flow “${other.by}”`));
    const own = routes.slice(0, index).map((other) => clash(route, other, 'by another trigger of this flow'));
    return [...foreign, ...own].filter((problem) => problem !== undefined);
  });
}

function clash(route: Route, other: Route, by: string): Problem | undefined {
  const relation = route.method === other.method ? relate(route.path, other.path) : 'apart';
  const { method, path } = route;
  if (relation === 'same') return routeTaken(route, `${method} ${path} is served ${by} already.`);
  if (relation !== 'crossing') return undefined;
  return routeTaken(route, `Some paths fit both ${method} ${path} and ${other.path}, which is served ${by}.`);
}

function routeTaken({ node }: Route, message: string): Problem {
  return { code: 'ROUTE_TAKEN', pointer: `/nodes/${node}/config/path`, message, hint: 'Choose another path.' };
}
