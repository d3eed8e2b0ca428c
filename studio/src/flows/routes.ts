import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { getParentRoute } from '../app/root-route.tsx';

export const flowRoutes = [
  createRoute({
    getParentRoute,
    path: '/flows',
    component: lazyRouteComponent(() => import('./flows-page.tsx'), 'FlowsPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/flows/$flowId',
    component: lazyRouteComponent(() => import('./flow-page.tsx'), 'FlowPage'),
  }),
] as const;
