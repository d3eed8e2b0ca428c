import { createRoute, createRouter, redirect } from '@tanstack/react-router';
import { accountRoutes } from '../account/routes.ts';
import { alertRoutes } from '../alerts/routes.ts';
import { auditRoutes } from '../audit/routes.ts';
import { codeTableRoutes } from '../code-tables/routes.ts';
import { connectionRoutes } from '../connections/routes.ts';
import { dashboardRoutes } from '../dashboard/routes.ts';
import { deadLetterRoutes } from '../dead-letters/routes.ts';
import { flowTestRoutes } from '../flow-tests/routes.ts';
import { flowRoutes } from '../flows/routes.ts';
import { helpRoutes } from '../help/routes.ts';
import { keyRoutes } from '../keys/routes.ts';
import { mappingLayerRoutes } from '../mapping-layers/routes.ts';
import { memberRoutes } from '../members/routes.ts';
import { promotionRoutes } from '../promotions/routes.ts';
import { recordRoutes } from '../records/routes.ts';
import { retentionRoutes } from '../retention/routes.ts';
import { runRoutes } from '../runs/routes.ts';
import { signInRoutes } from '../sign-in/routes.ts';
import { signInRulesRoutes } from '../sign-in-rules/routes.ts';
import { syncRoutes } from '../sync/routes.ts';
import { templateRoutes } from '../templates/routes.ts';
import { versionRoutes } from '../versions/routes.ts';
import { waitingRoutes } from '../waiting/routes.ts';
import { getParentRoute, rootRoute } from './root-route.tsx';

const home = createRoute({
  getParentRoute,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/flows' });
  },
});

export const router = createRouter({
  routeTree: rootRoute.addChildren([
    home,
    ...flowRoutes,
    ...versionRoutes,
    ...flowTestRoutes,
    ...runRoutes,
    ...waitingRoutes,
    ...deadLetterRoutes,
    ...alertRoutes,
    ...dashboardRoutes,
    ...syncRoutes,
    ...signInRoutes,
    ...accountRoutes,
    ...helpRoutes,
    ...recordRoutes,
    ...codeTableRoutes,
    ...mappingLayerRoutes,
    ...templateRoutes,
    ...connectionRoutes,
    ...promotionRoutes,
    ...memberRoutes,
    ...keyRoutes,
    ...signInRulesRoutes,
    ...retentionRoutes,
    ...auditRoutes,
  ]),
  defaultPreload: 'intent',
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
