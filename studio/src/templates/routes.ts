import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { getParentRoute } from '../app/root-route.tsx';

export const templateRoutes = [
  createRoute({
    getParentRoute,
    path: '/templates',
    validateSearch: shown,
    component: lazyRouteComponent(() => import('./templates-page.tsx'), 'TemplatesPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/templates/$templateId',
    component: lazyRouteComponent(() => import('./template-page.tsx'), 'TemplatePage'),
  }),
  createRoute({
    getParentRoute,
    path: '/templates/$templateId/clone',
    component: lazyRouteComponent(() => import('./clone-page.tsx'), 'ClonePage'),
  }),
  createRoute({
    getParentRoute,
    path: '/flows/$flowId/upgrade',
    component: lazyRouteComponent(() => import('./upgrade-page.tsx'), 'UpgradePage'),
  }),
] as const;

function shown({ show }: Record<string, unknown>): { show?: 'clones' } {
  return show === 'clones' ? { show } : {};
}
