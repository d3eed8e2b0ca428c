import { randomUUID } from 'node:crypto';
import { blobsFor } from '../payloads/blobs.ts';
import { theInstance } from '../postgres/audit/author.ts';
import { replaceSources } from '../postgres/sources/replace-sources.ts';
import type { Route } from './route.ts';
import { type Answer, type Instance, orderFlow, waitingFlow } from './test-instance.fixture.ts';

/** What a route is asked so that it succeeds for the tenant acme. */
export interface Sample {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: string;
  readonly body?: unknown;
}

export function nameOf({ method, path }: Route): string {
  return `${method.toUpperCase()} ${path}`;
}

/**
 * A sample for every route, by its name, with all that they are about: each is good for one call, in the order of the
 * routes. Everything that belongs to acme is called `private`.
 */
export async function prepareSamples(instance: Instance): Promise<Readonly<Record<string, Sample>>> {
  const things = await prepareThings(instance);
  const flow = { params: { id: 'private' } };
  const template = { params: { id: 'acme%2Fprivate' } };
  const mapping = { params: { id: 'private', name: 'private' } };
  const revised = { revision: 1, bundle: flowOf('private') };
  return {
    'GET /health': {},
    'GET /session': {},
    'POST /session/demo': {},
    'GET /session/sessions': {},
    'POST /session/end-others': {},
    'GET /session/tenants': {},
    'POST /session/tenant': { body: { tenant: 'acme' } },
    'GET /nodes': {},
    'GET /help/:page': { params: { page: 'connections' } },
    'GET /flows': {},
    'POST /flows': { body: flowOf('private-too') },
    'POST /flows/plan': { body: { bundle: revised.bundle } },
    'GET /flows/:id': flow,
    'PUT /flows/:id': { ...flow, body: revised },
    'POST /flows/:id/validate': { ...flow, body: { flow: revised.bundle.flow } },
    'POST /flows/:id/publish': { ...flow, body: {} },
    'GET /flows/:id/versions': flow,
    'GET /flows/:id/versions/:version': { params: { id: 'private', version: '1' } },
    'GET /flows/:id/difference': { ...flow, query: '?from=1&to=draft' },
    'POST /flows/:id/tests': { ...flow, body: { version: '1' } },
    'POST /flows/:id/try': { ...flow, body: { trigger: { payload: {} } } },
    'GET /flows/:id/tests': { ...flow, query: '?version=1' },
    'POST /runs/:id/test': { params: { id: things.failed[0] } },
    'POST /flows/:id/deploy': { ...flow, body: {} },
    'POST /flows/:id/rollback': { ...flow, body: { to: things.deployment } },
    'POST /flows/:id/undeploy': { params: { id: 'private-gone' }, body: {} },
    'GET /flows/:id/deployments': flow,
    'GET /promotions': {},
    'POST /promotions': { body: { flow: 'private-moved' } },
    'GET /promotions/:id': { params: { id: things.promotions[0] } },
    'POST /promotions/:id/approve': { params: { id: things.promotions[0] }, body: {} },
    'POST /promotions/:id/reject': { params: { id: things.promotions[1] }, body: {} },
    'POST /promotions/:id/apply': { params: { id: things.promotions[0] }, body: {} },
    'POST /promotions/:id/rollback': { params: { id: things.promotions[0] }, body: {} },
    'GET /promotion-rules': {},
    'PUT /promotion-rules': { body: { required: false, byAnother: false, tests: 'none' } },
    'GET /flows/:id/export': flow,
    'POST /flows/:id/run': { ...flow, body: { payload: { id: 'private', qty: 1 } } },
    'GET /templates': {},
    'POST /templates': { body: { flow: 'private', changelog: 'private' } },
    'GET /templates/:id': template,
    'PUT /templates/:id': { ...template, body: { audience: ['demo'] } },
    'POST /templates/:id/plan': { ...template, body: { flow: 'private-5' } },
    'POST /templates/:id/clone': { ...template, body: { flow: 'private-5' } },
    'GET /templates/:id/clones': template,
    'GET /clones': {},
    'GET /flows/:id/upgrade': { params: { id: 'private-3' } },
    'POST /flows/:id/upgrade': { params: { id: 'private-3' }, body: { revision: 1 } },
    'POST /templates/:id/upgrade': { ...template, body: {} },
    'GET /flows/:id/expressions': flow,
    'POST /flows/:id/broken-by': {
      ...flow,
      body: { at: 'check', rename: { field: ['id'], as: 'number' } },
    },
    'GET /flows/:id/triggers': flow,
    'POST /flows/:id/sources/:node/poll': { params: { id: 'private-held', node: 'feed' } },
    'POST /flows/:id/pause': flow,
    'POST /flows/:id/resume': flow,
    'GET /runs': {},
    'GET /runs/:id': { params: { id: things.failed[0] } },
    'POST /runs/:id/cancel': { params: { id: things.held } },
    'GET /flows/:id/retention': flow,
    'PUT /flows/:id/retention': { ...flow, body: { retention: 'long' } },
    'POST /runs/:id/replay': { params: { id: things.failed[0] }, body: { from: 'check' } },
    'GET /dead-letters': {},
    'GET /dead-letters/groups': {},
    'POST /dead-letters/redrive': { body: { runs: [things.failed[1]] } },
    'POST /dead-letters/discard': { body: { runs: [things.failed[2]] } },
    'GET /runs/:run/payloads/:payload': { params: things.payload },
    'GET /signals': {},
    'POST /signals/:id/match': { params: { id: things.orphan }, body: { wait: things.wait } },
    'GET /waits': {},
    'POST /signals': { body: { channel: 'private', key: 'private', payload: 1 } },
    'GET /records': {},
    'GET /records/:type': { params: { type: 'private' } },
    'GET /records/:type/:id': { params: { type: 'private', id: 'private' } },
    'GET /code-tables': {},
    'PUT /code-tables/:name': { params: { name: 'private' }, body: { title: 'private' } },
    'POST /code-tables/:name/delete': { params: { name: 'private-too' }, body: {} },
    'GET /code-tables/:name/uses': { params: { name: 'private' } },
    'GET /code-tables/:name/entries': { params: { name: 'private' } },
    'POST /code-tables/:name/entries': { params: { name: 'private' }, body: { set: [{ key: 'private', value: 1 }] } },
    'POST /code-tables/:name/import': {
      params: { name: 'private' },
      body: { csv: 'key,value\nprivate,2\n', mode: 'merge' },
    },
    'GET /code-tables/:name/export': { params: { name: 'private' } },
    'GET /flows/:id/mappings': flow,
    'GET /flows/:id/mappings/:name': mapping,
    'PUT /flows/:id/mappings/:name/own': { ...mapping, body: { fields: [], basedOn: things.ownLines } },
    'GET /flows/:id/mappings/:name/history': mapping,
    'POST /flows/:id/mappings/:name/rollback': { ...mapping, body: { environment: 'sandbox', to: things.ownLines } },
    'GET /connections': {},
    'GET /connections/:id': { params: { id: things.connection } },
    'GET /connections/:id/history': { params: { id: things.connection } },
    'POST /connections': { body: { ...vault, name: 'private-too' } },
    'PUT /connections/:id': {
      params: { id: things.connection },
      body: { config: { host: 'private', password: 'canary' } },
    },
    'POST /connections/:id/rotate': {
      params: { id: things.connection },
      body: { secrets: { password: 'canary' } },
    },
    'POST /connections/:id/test': { params: { id: things.connection } },
    'POST /connections/:id/authenticate': { params: { id: things.connection } },
    'POST /connections/:id/remove': { params: { id: things.spareConnection } },
    'POST /connections/:id/authorize': { params: { id: things.connection } },
    'GET /oauth2/callback': { query: '?state=private' },
    'POST /evaluate': { body: { expression: '1', input: null } },
    'GET /alerts': {},
    'POST /alerts/:id/acknowledge': { params: { id: things.alert } },
    'GET /alert-channels': {},
    'GET /statistics': {},
    'GET /syncs': {},
    'POST /alert-channels': { body: { name: 'private-too', to: ['private@example.com'] } },
    'PUT /alert-channels/:id': { params: { id: things.channel }, body: { name: 'private-3' } },
    'POST /alert-channels/:id/test': { params: { id: things.channel } },
    'POST /alert-channels/:id/remove': { params: { id: things.channel } },
    'GET /events': {},
    'POST /session': { body: { email: 'private-1@example.com', password } },
    'POST /session/end': {},
    'POST /session/password': { body: { password, newPassword: `${password} again` } },
    'POST /session/second-factor': { body: { password } },
    'POST /session/second-factor/confirm': { body: { code: '000000' } },
    'POST /session/second-factor/remove': { body: { password, code: '000000' } },
    'POST /session/forgot-password': { body: { email: 'private-1@example.com' } },
    'POST /session/reset-password': { body: { token: 'private', password } },
    'GET /session/sso/callback': { query: '?state=private' },
    'GET /session/sso/:tenant': { params: { tenant: 'acme' } },
    'POST /invitations/accept': { body: { token: 'private', name: 'private', password } },
    'GET /members': {},
    'GET /roles': {},
    'POST /members/invite': { body: { email: 'private-3@example.com', role: 'viewer' } },
    'POST /members/:id/role': { params: { id: things.members[0] }, body: { role: 'operator' } },
    'POST /members/:id/reset-password': { params: { id: things.members[0] } },
    'GET /sign-in': {},
    'PUT /sign-in/second-factor': { body: { needed: false } },
    'PUT /sign-in/sso': {
      body: {
        issuer: 'https://private.example.com',
        clientId: 'private',
        clientSecret: 'canary',
        domains: ['private.example.com'],
        newcomers: null,
        passwords: true,
      },
    },
    'POST /sign-in/sso/remove': {},
    'POST /members/:id/remove': { params: { id: things.members[1] } },
    'GET /keys': {},
    'POST /keys': { body: { name: 'private', actions: ['runs.read'], days: 30 } },
    'POST /keys/:id/revoke': { params: { id: things.key } },
    'GET /audit': {},
    'GET /audit/verify': {},
    'GET /audit/export': { query: '?format=csv' },
    'GET /configuration': {},
    'POST /configuration/plan': { body: { configuration: pushed } },
    'POST /configuration': { body: { configuration: pushed } },
    'GET /retention': {},
    'PUT /retention': { body: { sandbox: kept, production: kept, auditDays: null } },
    'POST /erasures/plan': { body: { field: 'nobody', value: 'nobody' } },
    'POST /erasures': { body: { field: 'nobody', value: 'nobody' } },
    'GET /tenants': {},
    'PUT /tenants/:slug/plan': { params: { slug: 'acme' }, body: { plan: 'open' } },
    'POST /tenants': { body: { slug: 'new', name: 'New', admin: 'first@example.com' } },
  };
}

/** Asks a route; of an answer that goes on only how it begins. */
export async function ask(
  { url }: Pick<Instance, 'url'>,
  route: Route,
  { params = {}, query = '', body }: Sample,
  headers: Readonly<Record<string, string>>,
): Promise<Pick<Answer, 'status' | 'body'>> {
  const path = route.path.replaceAll(/:(\w+)/g, (_, name: string) => params[name] ?? randomUUID());
  const response = await fetch(`${url}/api/v1${path}${query}`, {
    method: route.method.toUpperCase(),
    headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
    body: body === undefined ? null : JSON.stringify(body),
  });
  const isJson = response.headers.get('content-type')?.includes('json');
  const answer = isJson ? await response.json() : await response.body?.cancel();
  return { status: response.status, body: answer };
}

const vault = { type: 'test/vault', config: { host: 'private', password: 'canary' } };

const pushed = { format: 1, parts: { 'code-tables/production/private-pushed': { title: 'private', entries: [] } } };
const kept = { stepDays: null, runDays: null };

/** Webhook → validate → kept as a record of type `private`. */
function flowOf(id: string) {
  const bundle = orderFlow(id, { path: id });
  const keep = { type: 'records/put', version: 1, config: { type: 'private', id: '{% id %}', data: '{% $ %}' } };
  return {
    ...bundle,
    flow: {
      ...bundle.flow,
      nodes: { ...bundle.flow.nodes, keep },
      edges: [...bundle.flow.edges, { from: 'check', to: 'keep' }],
    },
    records: [{ id: 'private', title: 'private', schema: { type: 'object' } }],
    mappings: [
      { name: 'private', title: 'private', core: [], versions: [{ version: '1', status: 'ACTIVE', fields: [] }] },
    ],
  };
}

interface Things {
  /** In the history of the flow. */
  readonly deployment: string;
  /** Planned, of a flow that serves in the sandbox. */
  readonly promotions: readonly [string, string];
  /** Runs that failed for good. */
  readonly failed: readonly [string, string, string];
  /** A run of a paused flow. */
  readonly held: string;
  readonly payload: { readonly run: string; readonly payload: string };
  /** An open wait, and a signal under another key. */
  readonly wait: string;
  readonly orphan: string;
  /** Of acme's own lines over a mapping, in the sandbox. */
  readonly ownLines: string;
  readonly connection: string;
  /** One that nothing uses. */
  readonly spareConnection: string;
  readonly channel: string;
  readonly alert: string;
  /** Ids of people who belong to acme. */
  readonly members: readonly [string, string];
  readonly key: string;
}

async function prepareThings(instance: Instance): Promise<Things> {
  const post = (path: string, body: unknown = {}) => made(instance.call('POST', path, body));
  await post('/flows', flowOf('private'));
  await post('/flows/private/deploy', { environment: 'sandbox' });
  await post('/flows/private/deploy');
  for (const id of ['private-held', 'private-gone']) {
    await post('/flows', flowOf(id));
    await post(`/flows/${id}/deploy`);
  }
  await prepareTemplate(instance);
  await post('/flows/private-held/pause');
  await post('/hooks/acme/private', { id: 'private', qty: 1 });
  for (const name of ['private', 'private-too'])
    await made(instance.call('PUT', `/code-tables/${name}`, { title: 'private' }));
  await poll(instance);
  const channel = (await post('/alert-channels', { name: 'private', to: ['private@example.com'] })).channel.id;
  const { deployments } = await made(instance.call('GET', '/flows/private/deployments'));
  return {
    deployment: deployments[0].id,
    promotions: [await planned(instance), await planned(instance)],
    failed: [await refused(instance), await refused(instance), await refused(instance)],
    held: (await post('/flows/private-held/run', { payload: { id: 'private', qty: 1 } })).runId,
    payload: await keepPayload(instance),
    ...(await mismatched(instance)),
    ownLines: (await made(instance.call('PUT', '/flows/private/mappings/private/own', { fields: [], basedOn: null })))
      .own.id,
    connection: (await post('/connections', { ...vault, name: 'private' })).id,
    spareConnection: (await post('/connections', { ...vault, name: 'private-spare' })).id,
    channel,
    alert: (await post(`/alert-channels/${channel}/test`)).alertId,
    members: [await joined(instance, 1), await joined(instance, 2)],
    key: await keyOf(instance),
  };
}

/** Two clones at the first of two versions. */
async function prepareTemplate({ call }: Instance): Promise<void> {
  const publish = () => made(call('POST', '/templates', { flow: 'private', changelog: 'private' }));
  await publish();
  for (const flow of ['private-3', 'private-4']) await made(call('POST', '/templates/acme%2Fprivate/clone', { flow }));
  await publish();
}

const password = 'correct horse battery';

async function joined({ api: { auth }, tenants: { acme } }: Instance, n: number): Promise<string> {
  const email = `private-${n}@example.com`;
  const token = await auth.invitations.invite(acme, { email, role: 'viewer' }, theInstance);
  await auth.accept({ token, name: 'private', password }, null);
  return (await auth.members.list(acme)).find((member) => member.email === email)?.id ?? '';
}

async function keyOf({ api: { auth }, tenants: { acme } }: Instance): Promise<string> {
  await auth.keys.create(acme, { name: 'private', scope: { role: 'viewer' } });
  return (await auth.keys.list(acme)).find(({ name }) => name === 'private')?.id ?? '';
}

/** Headers of who owns the instance and belongs to no tenant, on a page of ours. */
export async function ownerOf({ api: { auth } }: Instance): Promise<Record<string, string>> {
  const token = (await auth.invitations.inviteOwner()) as string;
  const owner = { token, name: 'Olga', password, email: 'olga@example.com' };
  const [cookie = ''] = (await auth.accept(owner, null))?.split(';') ?? [];
  return { cookie, 'sec-fetch-site': 'same-origin' };
}

async function made(answering: Promise<Answer>): Promise<Answer['body']> {
  const { status, body, logged } = await answering;
  if (status >= 300) throw new Error(`${status}: ${JSON.stringify(body)} ${logged.join('')}`);
  return body;
}

/** The tenant wants nothing of the tests. */
async function planned(instance: Instance): Promise<string> {
  const flow = 'private-moved';
  const rules = { required: false, byAnother: false, tests: 'none' };
  await made(instance.call('PUT', '/promotion-rules', rules));
  await instance.call('POST', '/flows', flowOf(flow));
  await made(instance.call('POST', `/flows/${flow}/deploy`, { environment: 'sandbox' }));
  return (await made(instance.call('POST', '/promotions', { flow }))).id;
}

/** Somebody waits, and what comes is for somebody else. */
async function mismatched({ call, api }: Instance): Promise<Pick<Things, 'wait' | 'orphan'>> {
  await made(call('POST', '/flows', waitingFlow('private-waiting')));
  await made(call('POST', '/flows/private-waiting/deploy', {}));
  await made(call('POST', '/flows/private-waiting/run', { payload: { id: 'private-waits' } }));
  await api.engine.settle();
  const { waits } = await made(call('GET', '/waits?key=private-waits'));
  const signal = { channel: 'acks', key: 'private-elsewhere', payload: 'private' };
  return { wait: waits[0].id, orphan: (await made(call('POST', '/signals', signal))).signalId };
}

async function refused(instance: Instance): Promise<string> {
  return (await instance.call('POST', '/hooks/acme/private', { id: 'private', qty: 0 })).body.runId;
}

function poll({ tenants, api }: Instance): Promise<unknown> {
  const place = { tenant: tenants.acme.id, environment: 'production', flowId: 'private-held' };
  const source = { node: 'feed', type: 'test/feed', connection: null, everyMs: 60_000 };
  return api.database.asTenants([place.tenant], (tx) => replaceSources(tx, place, [source]));
}

async function keepPayload({ tenants, api }: Instance): Promise<Things['payload']> {
  const run = randomUUID();
  const blobs = blobsFor(api.payloads, { tenant: tenants.acme.id, run });
  const content = (async function* () {
    yield Buffer.from('private');
  })();
  const { blob } = await blobs.write(content, { name: 'private', mediaType: 'text/plain' });
  return { run, payload: blob };
}
