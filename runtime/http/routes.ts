import { accountRoutes } from './account.ts';
import { alertRoutes } from './alerts.ts';
import { auditRoutes } from './audit.ts';
import { codeTableRoutes } from './code-tables.ts';
import { configurationRoutes } from './configuration.ts';
import { connectionRoutes } from './connections.ts';
import { deadLetterRoutes } from './dead-letters.ts';
import { deploymentRoutes } from './deployments.ts';
import { erasureRoutes } from './erasures.ts';
import { evaluateRoutes } from './evaluate.ts';
import { eventRoutes } from './events.ts';
import { expressionRoutes } from './expressions.ts';
import { flowTestRoutes } from './flow-tests.ts';
import { flowRoutes } from './flows.ts';
import { healthRoutes } from './health.ts';
import { helpRoutes } from './help.ts';
import { keyRoutes } from './keys.ts';
import { mappingRoutes } from './mappings.ts';
import { memberRoutes } from './members.ts';
import { nodeRoutes } from './nodes.ts';
import { ownSessionRoutes } from './own-sessions.ts';
import { pauseRoutes } from './pause.ts';
import { payloadRoutes } from './payloads.ts';
import { promotionRoutes } from './promotions.ts';
import { recordRoutes } from './records.ts';
import { replayRoutes } from './replay.ts';
import { retentionRoutes } from './retention.ts';
import type { Route } from './route.ts';
import { runRoutes } from './runs.ts';
import { sessionRoutes } from './session.ts';
import { signInRoutes } from './sign-in.ts';
import { signalRoutes } from './signals.ts';
import { singleSignOnRoutes } from './single-sign-on.ts';
import { statisticsRoutes } from './statistics.ts';
import { templateRoutes } from './templates.ts';
import { tenantRoutes } from './tenants.ts';
import { triggerRoutes } from './triggers.ts';
import { upgradeRoutes } from './upgrades.ts';
import { versionRoutes } from './versions.ts';
import { waitRoutes } from './waits.ts';

/** Every operation of the API. */
export const routes: readonly Route[] = [
  ...healthRoutes,
  ...sessionRoutes,
  ...accountRoutes,
  ...ownSessionRoutes,
  ...singleSignOnRoutes,
  ...nodeRoutes,
  ...helpRoutes,
  ...flowRoutes,
  ...versionRoutes,
  ...flowTestRoutes,
  ...deploymentRoutes,
  ...promotionRoutes,
  ...templateRoutes,
  ...upgradeRoutes,
  ...expressionRoutes,
  ...triggerRoutes,
  ...pauseRoutes,
  ...runRoutes,
  ...replayRoutes,
  ...deadLetterRoutes,
  ...payloadRoutes,
  ...signalRoutes,
  ...waitRoutes,
  ...recordRoutes,
  ...codeTableRoutes,
  ...mappingRoutes,
  ...connectionRoutes,
  ...evaluateRoutes,
  ...alertRoutes,
  ...statisticsRoutes,
  ...eventRoutes,
  ...configurationRoutes,
  ...retentionRoutes,
  ...erasureRoutes,
  ...memberRoutes,
  ...signInRoutes,
  ...keyRoutes,
  ...auditRoutes,
  ...tenantRoutes,
];
