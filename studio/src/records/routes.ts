import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { getParentRoute } from '../app/root-route.tsx';
import type { RecordFilter } from './queries.ts';

export const recordRoutes = [
  createRoute({
    getParentRoute,
    path: '/records',
    component: lazyRouteComponent(() => import('./record-types-page.tsx'), 'RecordTypesPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/records/$type',
    validateSearch: recordFilter,
    component: lazyRouteComponent(() => import('./records-page.tsx'), 'RecordsPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/records/$type/$recordId',
    component: lazyRouteComponent(() => import('./record-page.tsx'), 'RecordPage'),
  }),
] as const;

/** A value in the address may look like a number or a word of JSON; it is a text all the same. */
function recordFilter({ field, value }: Record<string, unknown>): RecordFilter {
  if (field === undefined || value === undefined) return {};
  return { field: String(field), value: String(value) };
}
