import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { getParentRoute } from '../app/root-route.tsx';

export const codeTableRoutes = [
  createRoute({
    getParentRoute,
    path: '/code-tables',
    component: lazyRouteComponent(() => import('./code-tables-page.tsx'), 'CodeTablesPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/code-tables/$name',
    component: lazyRouteComponent(() => import('./code-table-page.tsx'), 'CodeTablePage'),
  }),
] as const;
