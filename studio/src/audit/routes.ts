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

function auditFilter(search: Record<string, unknown>): AuditFilter {
  const names = ['action', 'who', 'target', 'from', 'to'] as const;
  const given = names.filter((name) => typeof search[name] === 'string' && search[name] !== '');
  return Object.fromEntries(given.map((name) => [name, search[name]]));
}
