import { alertRoutes } from './alerts.ts';
import { connectionRoutes } from './connections.ts';
import { evaluateRoutes } from './evaluate.ts';
import { eventRoutes } from './events.ts';
import { flowRoutes } from './flows.ts';
import { healthRoutes } from './health.ts';
import { nodeRoutes } from './nodes.ts';
import { recordRoutes } from './records.ts';
import type { Route } from './route.ts';
import { runRoutes } from './runs.ts';
import { sessionRoutes } from './session.ts';
import { signalRoutes } from './signals.ts';

/** Every operation of the API. */
export const routes: readonly Route[] = [
  ...healthRoutes,
  ...sessionRoutes,
  ...nodeRoutes,
  ...flowRoutes,
  ...runRoutes,
  ...signalRoutes,
  ...recordRoutes,
  ...connectionRoutes,
  ...evaluateRoutes,
  ...alertRoutes,
  ...eventRoutes,
];
