import type { JsonObject, TriggerSpec } from '@millrace/contract';
import { LRUCache } from 'lru-cache';
import { type OpenConnection, openConnection } from '../../connections/open-connection.ts';
import type { Foundation } from '../../engine/engine.ts';
import { evaluationFor } from '../../engine/evaluation.ts';
import { findServing, type Serving } from '../../flows/serving.ts';
import { triggerSettings } from '../../flows/trigger-settings.ts';
import { loadRoutes, loadServingRevisions, type TenantRoutes } from '../../postgres/flows/routes.ts';
import { matchPath, textsIn } from './route-pattern.ts';

/** A request's address. */
export interface Address {
  /** The tenant's. */
  readonly slug: string;
  readonly method: string;
  /** Segments, decoded. */
  readonly path: readonly string[];
}

/** A deployed webhook trigger, ready to be called. */
export interface Webhook {
  /** Tenant's id. */
  readonly tenant: string;
  readonly environment: string;
  readonly flowId: string;
  /** The trigger's node. */
  readonly node: string;
  readonly serving: Serving;
  readonly spec: TriggerSpec;
  /** As it holds for every event. */
  readonly config: JsonObject;
  readonly connection: OpenConnection | undefined;
}

export interface ServedWebhooks {
  /** The trigger that serves the address, with the values of its parameters. */
  find(address: Address): Promise<{ readonly webhook: Webhook; readonly params: Record<string, string> } | undefined>;
  close(): void;
}

type Services = Pick<
  Foundation,
  'database' | 'evaluator' | 'masterKeys' | 'network' | 'catalogue' | 'bus' | 'health' | 'log'
>;

/** What is remembered is compared again when that is so long ago: so soon another process's deployment takes effect here. */
const freshMs = 500;
const mostTenants = 1000;

interface Known extends TenantRoutes {
  readonly webhooks: Map<string, Promise<Webhook | undefined>>;
}

/**
 * Remembers what serves at which address of an environment, as looking it up costs more than all else at intake. What this process deploys
 * is forgotten at once; for what others do, the revisions of all tenants are compared twice a second, while requests come.
 */
export function serveWebhooks(services: Services, environment: string): ServedWebhooks {
  const { database, bus } = services;
  const ways = database.byIndex.atOnce;
  /** By slug. */
  const tenants = new LRUCache<string, Known>({ max: mostTenants });
  const underWay = new Map<string, Promise<Known | undefined>>();
  let comparedAt = 0;
  let comparing: Promise<void> | undefined;
  let deployments = 0;
  const stop = bus.subscribe((news) => {
    if (news.kind === 'flow') forget(news.tenant);
  });

  /** What is being looked up now may be old already: it is given to those who wait for it, and not kept. */
  function forget(tenant: string): void {
    deployments++;
    underWay.clear();
    for (const [slug, known] of tenants.entries()) if (known.tenant.id === tenant) tenants.delete(slug);
  }

  /** All together: a statement about all tenants costs little more than one about one. */
  async function compare(): Promise<void> {
    const askedAt = performance.now();
    const compared = [...tenants.entries()];
    const ids = compared.map(([, { tenant }]) => tenant.id);
    const revisions = await ways.asScanner((tx) => loadServingRevisions(tx, ids));
    for (const [slug, known] of compared) {
      const isChanged = known.revision !== (revisions.get(known.tenant.id) ?? 0);
      if (isChanged && tenants.peek(slug) === known) tenants.delete(slug);
    }
    comparedAt = askedAt;
  }

  async function knownOf(slug: string): Promise<Known | undefined> {
    if (tenants.size > 0 && performance.now() - comparedAt >= freshMs) {
      comparing ??= compare().finally(() => {
        comparing = undefined;
      });
      await comparing;
    }
    return tenants.get(slug) ?? lookedUp(slug);
  }

  function lookedUp(slug: string): Promise<Known | undefined> {
    const present = underWay.get(slug);
    if (present) return present;
    const looking = look(slug).finally(() => {
      if (underWay.get(slug) === looking) underWay.delete(slug);
    });
    underWay.set(slug, looking);
    return looking;
  }

  async function look(slug: string): Promise<Known | undefined> {
    const before = deployments;
    const routes = await ways.asScanner((tx) => loadRoutes(tx, slug, environment));
    const known = routes && { ...routes, webhooks: new Map() };
    if (known && deployments === before) tenants.set(slug, known);
    return known;
  }

  return {
    async find({ slug, method, path }) {
      const known = await knownOf(slug);
      const found = known && routeFor(known, method, path);
      if (!found) return undefined;
      const webhook = await webhookOf(known, { ...found.route, environment }, services);
      return webhook && { webhook, params: found.params };
    },
    close: stop,
  };
}

type TenantRoute = TenantRoutes['routes'][number];
type PlacedRoute = TenantRoute & { readonly environment: string };

/** Of several that fit, the narrowest; addresses that cross cannot be deployed. */
function routeFor({ routes }: TenantRoutes, method: string, path: readonly string[]) {
  const fitting = routes.flatMap((route) => {
    const params = route.method === method ? matchPath(route.path, path) : undefined;
    return params ? [{ route, params }] : [];
  });
  return fitting.sort((one, other) => textsIn(other.route.path) - textsIn(one.route.path))[0];
}

/** What could not be loaded is not remembered. */
function webhookOf(known: Known, route: PlacedRoute, services: Services): Promise<Webhook | undefined> {
  const key = `${route.method} ${route.path}`;
  const present = known.webhooks.get(key);
  if (present) return present;
  const loading = loadWebhook(known.tenant, route, services);
  known.webhooks.set(key, loading);
  loading.catch(() => known.webhooks.delete(key));
  return loading;
}

async function loadWebhook(
  tenant: TenantRoutes['tenant'],
  { environment, flowId, node }: PlacedRoute,
  services: Services,
): Promise<Webhook | undefined> {
  const place = { tenant: tenant.id, environment, flowId };
  const serving = await findServing(services.database, place);
  const trigger = serving?.document.nodes[node];
  const spec = services.catalogue.triggers.get(trigger?.type ?? '');
  if (!serving || !trigger || !spec) return undefined;
  const id = trigger.connection === undefined ? undefined : serving.deployment.connections[trigger.connection];
  const connection = id === undefined ? undefined : await openConnection(services, tenant.id, id);
  const deployed = { tenant, parameters: serving.deployment.parameters };
  const config = await triggerSettings(
    trigger.config as JsonObject,
    spec,
    evaluationFor(services.evaluator, tenant.id),
    deployed,
  );
  return { ...place, node, serving, spec, config, connection };
}
