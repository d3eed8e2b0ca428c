import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { getParentRoute } from '../app/root-route.tsx';
import type { AuditFilter } from './queries.ts';

export const auditRoutes = [
  createRoute({
    getParentRoute,
    path: '/audit',
    validateSearch: auditFilter,
    component: lazyRouteComponent(() => import('./audit-page.tsx'), 'AuditPage'),
  }),
] as const;

/** What stands in an address may look like a number; it is a text all the same. */
function auditFilter(search: Record<string, unknown>): AuditFilter {
  const names = ['action', 'who', 'target', 'from', 'to'] as const;
  const given = names.filter((name) => ['string', 'number'].includes(typeof search[name]) && search[name] !== '');
  return Object.fromEntries(given.map((name) => [name, String(search[name])]));
}
