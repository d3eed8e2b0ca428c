import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { getParentRoute } from '../app/root-route.tsx';

export const promotionRoutes = [
  createRoute({
    getParentRoute,
    path: '/promotions',
    component: lazyRouteComponent(() => import('./promotions-page.tsx'), 'PromotionsPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/promotions/$promotionId',
    component: lazyRouteComponent(() => import('./promotion-page.tsx'), 'PromotionPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/promotion-rules',
    component: lazyRouteComponent(() => import('./rules-page.tsx'), 'RulesPage'),
  }),
] as const;
