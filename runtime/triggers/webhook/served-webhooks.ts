import type { JsonObject, TriggerSpec } from '@millrace/contract';
import { type OpenConnection, openConnection } from '../../connections/open-connection.ts';
import type { Foundation } from '../../engine/engine.ts';
import { evaluationFor } from '../../engine/evaluation.ts';
import { findServing, type Serving } from '../../flows/serving.ts';
import { triggerSettings } from '../../flows/trigger-settings.ts';
import { loadRoutes, loadServingRevision, type TenantRoutes } from '../../postgres/flows/routes.ts';
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

/** What is remembered is looked at again when it is older: so soon another process's deployment takes effect here. */
const freshMs = 500;
const mostTenants = 1000;

interface Known extends TenantRoutes {
  checkedAt: number;
  readonly webhooks: Map<string, Promise<Webhook | undefined>>;
}

/**
 * Remembers what serves at which address of an environment, as looking it up costs more than all else at intake. What this process deploys
 * is forgotten at once; for what others do, the tenant's revision is compared twice a second, while requests come.
 */
export function serveWebhooks(services: Services, environment: string): ServedWebhooks {
  const { database, bus } = services;
  const tenants = new Map<string, Known>();
  const underWay = new Map<string, Promise<Known | undefined>>();
  let deployments = 0;
  const stop = bus.subscribe((news) => {
    if (news.kind === 'flow') forget(news.tenant);
  });

  /** What is being looked up now may be old already: it is given to those who wait for it, and not kept. */
  function forget(tenant: string): void {
    deployments++;
    underWay.clear();
    for (const [slug, known] of tenants) if (known.tenant.id === tenant) tenants.delete(slug);
  }

  function knownOf(slug: string): Promise<Known | undefined> | Known {
    const known = tenants.get(slug);
    if (known && performance.now() - known.checkedAt < freshMs) return known;
    const present = underWay.get(slug);
    if (present) return present;
    const looking = look(slug, known).finally(() => {
      if (underWay.get(slug) === looking) underWay.delete(slug);
    });
    underWay.set(slug, looking);
    return looking;
  }

  async function look(slug: string, known: Known | undefined): Promise<Known | undefined> {
    const askedAt = performance.now();
    const before = deployments;
    const next = (await unchanged(known)) ?? (await load(slug));
    if (!next || deployments !== before) return next;
    next.checkedAt = askedAt;
    tenants.delete(slug);
    tenants.set(slug, next);
    if (tenants.size > mostTenants) tenants.delete(tenants.keys().next().value as string);
    return next;
  }

  async function unchanged(known: Known | undefined): Promise<Known | undefined> {
    if (!known) return undefined;
    const revision = await database.asScanner((tx) => loadServingRevision(tx, known.tenant.id));
    return revision === known.revision ? known : undefined;
  }

  async function load(slug: string): Promise<Known | undefined> {
    const routes = await database.asScanner((tx) => loadRoutes(tx, slug, environment));
    return routes && { ...routes, checkedAt: 0, webhooks: new Map() };
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
