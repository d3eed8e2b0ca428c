import type { Json } from '@millrace/contract';
import type { FlowBundle } from '@millrace/flow';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { versionOf } from '../flows/version.ts';
import type { ShippedTemplate } from '../templates/shipped.ts';
import { ownerOf } from './every-route.fixture.ts';
import { type Answer, type Instance, misfits, orderFlow, startInstance } from './test-instance.fixture.ts';

/** What comes with this Millrace; a test lets it move on. */
let shipped: readonly ShippedTemplate[] = [];
let instance: Instance;
beforeAll(async () => {
  shipped = [shippedAt('1.0', orderFlow('ready-made', { path: 'ready-made' }) as FlowBundle)];
  instance = await startInstance({ shipped: () => shipped });
});
afterAll(() => instance?.stop());

function shippedAt(version: string, bundle: FlowBundle): ShippedTemplate {
  const { id, name } = bundle.flow;
  const told = { summary: null, description: 'Orders without tears.', publisher: null, audience: 'everybody' } as const;
  return {
    template: { id, name, ...told, version, withdrawn: false },
    offered: async () => ({ version, content: versionOf(bundle), bundle }),
  };
}

type Body = Record<string, unknown>;
/** A call of the publisher, whose answer must be what the route declares. */
const asked = async (method: 'get' | 'post' | 'put', route: string, id: string, body?: Body, headers = {}) => {
  const [path, query = ''] = id.split('?');
  const address = route.replace(':id', encodeURIComponent(path ?? '')) + (query && `?${query}`);
  const answer = await instance.call(method, address, body, headers);
  if (answer.status < 300) expect(misfits(method, route, answer)).toEqual([]);
  return answer;
};
/** The same of the tenant `other`, which clones. */
const asOther: typeof asked = (method, route, id, body) =>
  asked(method, route, id, body, { 'x-api-key': instance.keys.other });

/**
 * By a webhook it checks an order and calls itself, by hand it keeps it as a record that it alone may write. It has a
 * parameter, a slot without a default, a sample and a test.
 */
function orders(
  id: string,
  changes: { name?: string; nodes?: Record<string, Json>; properties?: Record<string, Json> } = {},
) {
  const { flow, ...bundle } = orderFlow(id, { path: id });
  const node = (type: string, config: Json) => ({ type, version: 1, config });
  return {
    ...bundle,
    flow: {
      ...flow,
      name: changes.name ?? 'Orders',
      description: 'Keeps the orders of a shop.',
      parameters: {
        type: 'object',
        required: ['region'],
        properties: {
          region: { type: 'string', maxLength: 9 },
          due: { type: 'string', default: 'PT4H' },
          ...changes.properties,
        },
      },
      connections: { shop: { type: 'core/http' } },
      nodes: {
        ...flow.nodes,
        again: node('core/call-flow', { flow: id, payload: '{% $ %}' }),
        byHand: node('core/manual', {}),
        keep: node('records/put', {
          type: `${id}-order`,
          id: '{% id %}',
          data: '{% { "id": id, "region": $params.region } %}',
        }),
        tell: {
          ...node('core/http-request', { method: 'POST', url: '/misfits', body: '{% $ %}' }),
          connection: 'shop',
        },
        ...changes.nodes,
      },
      edges: [
        ...flow.edges,
        { from: 'check', to: 'again' },
        { from: 'byHand', to: 'keep' },
        { from: 'check', port: 'invalid', to: 'tell' },
      ],
    },
    samples: { order: { id: 'A-1', qty: 2 } },
    tests: {
      'an order is kept': { name: 'an order is kept', trigger: { node: 'byHand', sample: 'order' }, expect: {} },
    },
    records: [{ id: `${id}-order`, title: 'Order', schema: { type: 'object' }, writers: [id] }],
  };
}

/** Saves, publishes and offers; answers how the offer was answered. */
async function offer(bundle: ReturnType<typeof orders>, more: Body = {}): Promise<Answer> {
  const { id } = bundle.flow;
  const { status, body } = await instance.call('GET', `/flows/${id}`);
  if (status === 404) await instance.call('POST', '/flows', bundle);
  else await instance.call('PUT', `/flows/${id}`, { revision: body.revision, bundle });
  const published = await instance.call('POST', `/flows/${id}/publish`, {});
  expect(published.status, JSON.stringify(published.body)).toBe(200);
  return asked('post', '/templates', '', { flow: id, changelog: 'New', audience: 'everybody', ...more });
}

const shopIn = async (environment: string, name: string) => {
  const headers = { 'x-api-key': instance.keys.other };
  const body = { type: 'core/http', name, environment, config: { baseUrl: 'http://127.0.0.1:9', auth: 'none' } };
  return (await instance.call('POST', '/connections', body, headers)).body.id as string;
};
/** A clone that is deployed nowhere. */
const clone = async (template: string, flow: string, more: Body = {}) => {
  const { status, body } = await asOther('post', '/templates/:id/clone', template, {
    flow,
    parameters: { region: 'EU' },
    ...more,
  });
  expect([status, body]).toMatchObject([201, { flow }]);
};
const draftOf = async (flow: string) => (await asOther('get', '/flows/:id', flow)).body;
const save = async (flow: string, change: (bundle: ReturnType<typeof orders>) => unknown) => {
  const { revision, bundle } = await draftOf(flow);
  const saved = await asOther('put', '/flows/:id', flow, { revision, bundle: change(bundle) as Json });
  expect(saved.status).toBe(200);
};
const codes = ({ body }: Answer) =>
  (body.problems ?? body.error.problems).map(({ code, pointer }: Body) => `${code} ${pointer}`);

describe('R-X6 a template', () => {
  test('is offered with a number, a changelog and what it brings; a version stays as it is', async () => {
    const first = await offer(orders('wares'), { version: '1.0', changelog: 'The **first**', description: '# Wares' });
    expect([first.status, first.body]).toMatchObject([
      201,
      { id: 'acme/wares', version: '1.0', audience: 'everybody' },
    ]);
    const again = await offer(orders('wares'), { version: '1.0' });
    expect([again.status, again.body.error.code]).toEqual([409, 'TEMPLATE_VERSION_NOT_NEWER']);
    await offer(orders('wares', { name: 'Wares anew' }), { version: '1.1', changelog: 'Another name' });
    const read = await asOther('get', '/templates/:id', 'acme/wares?version=1.0');
    expect(read.body).toMatchObject({
      name: 'Wares anew',
      summary: 'Keeps the orders of a shop.',
      description: '# Wares',
      publisher: 'acme',
      audience: null,
      versions: [
        { version: '1.1', changelog: 'Another name' },
        { version: '1.0', changelog: 'The **first**' },
      ],
      offered: {
        version: '1.0',
        parameters: { required: ['region'], properties: { due: { default: 'PT4H' } } },
        connections: { shop: { type: 'core/http' } },
        records: [{ id: 'wares-order', title: 'Order' }],
        tests: ['an order is kept'],
        samples: ['order'],
        flows: [],
      },
    });
  });

  test('comes of a published version of a flow of one’s own, and nothing else', async () => {
    await instance.call('POST', '/flows', orders('draft-only'));
    const unpublished = await asked('post', '/templates', '', { flow: 'draft-only', changelog: '' });
    const unknown = await asked('post', '/templates', '', { flow: 'nothing', changelog: '' });
    const foreign = await asOther('post', '/templates', '', { flow: 'wares', changelog: '' });
    for (const { status, body } of [unpublished, unknown, foreign])
      expect([status, body.error.code]).toEqual([404, 'VERSION_NOT_PUBLISHED']);
  });

  test('is found by the words of its name and description, wherever it comes from', async () => {
    const found = async (text: string) => (await asOther('get', '/templates', `?text=${text}`)).body.templates;
    expect((await found('orders%20TEARS')).map(({ id }: Body) => id)).toEqual(['ready-made']);
    expect((await found('')).map(({ id }: Body) => id)).toEqual(expect.arrayContaining(['ready-made', 'acme/wares']));
    expect(await found('no-such-word')).toEqual([]);
  });
});

describe('R-X6 attack 84: a template of another tenant', () => {
  const seenBy = async (key: string, id: string) => {
    const headers = { 'x-api-key': key };
    const { status } = await instance.call('GET', `/templates/${encodeURIComponent(id)}`, undefined, headers);
    const { body } = await instance.call('GET', '/templates', undefined, headers);
    const clones = await instance.call('POST', `/templates/${encodeURIComponent(id)}/plan`, { flow: 'x' }, headers);
    return [status, body.templates.some((each: Body) => each.id === id), clones.status];
  };
  const unseen = [404, false, 404];
  const seen = [200, true, 200];

  test('is seen by its audience alone, and by nobody once it is withdrawn', async () => {
    const { api, tenants, keys } = instance;
    const demo = await api.auth.keys.create(tenants.demo, { name: 'test', scope: { role: 'admin' } });
    await offer(orders('secret'), { audience: 'own' });
    expect(await seenBy(keys.acme, 'acme/secret')).toEqual(seen);
    expect(await seenBy(keys.other, 'acme/secret')).toEqual(unseen);
    await asked('put', '/templates/:id', 'acme/secret', { audience: ['demo', 'nobody'] });
    expect([await seenBy(keys.other, 'acme/secret'), await seenBy(demo, 'acme/secret')]).toEqual([unseen, seen]);
    await asked('put', '/templates/:id', 'acme/secret', { audience: 'everybody' });
    expect(await seenBy(keys.other, 'acme/secret')).toEqual(seen);
    await asked('put', '/templates/:id', 'acme/secret', { withdrawn: true });
    expect([await seenBy(keys.other, 'acme/secret'), await seenBy(keys.acme, 'acme/secret')]).toEqual([unseen, seen]);
    await offer(orders('secret'), { audience: undefined });
    expect(await seenBy(keys.other, 'acme/secret')).toEqual(seen);
  });

  test('is changed and counted by its publisher alone', async () => {
    const change = await asOther('put', '/templates/:id', 'acme/wares', { withdrawn: true });
    const counted = await asOther('get', '/templates/:id/clones', 'acme/wares');
    expect([change.status, counted.status]).toEqual([404, 404]);
  });

  test('is kept apart by the rows’ own policy: audience, versions, readers and clones', async () => {
    await offer(orders('guarded'), { audience: ['demo'] });
    await asked('post', '/templates/:id/clone', 'acme/guarded', { flow: 'guarded-2', parameters: { region: 'EU' } });
    const { other, demo, acme } = instance.tenants;
    const visible = (tenant: string) =>
      instance.api.database.asTenants([tenant], async (tx) => {
        const counts = ['template', 'template_version', 'template_reader'].map(async (table) => {
          const key = sql.ref(table === 'template' ? 'id' : 'template');
          const { rows } =
            await sql`select from ${sql.table(`millrace.${table}`)} where ${key} = 'acme/guarded'`.execute(tx);
          return rows.length;
        });
        const { rows } = await sql`select from millrace.clone where flow_id = 'guarded-2'`.execute(tx);
        return [...(await Promise.all(counts)), rows.length];
      });
    expect(await visible(other.id)).toEqual([0, 0, 0, 0]);
    expect(await visible(demo.id)).toEqual([1, 1, 1, 0]);
    expect(await visible(acme.id)).toEqual([1, 1, 1, 1]);
    const write = (statement: ReturnType<typeof sql>) =>
      instance.api.database.asTenants([other.id], (tx) => statement.execute(tx));
    const stolen = sql`update millrace.template set audience = 'everybody' where id = 'acme/guarded'`;
    expect((await write(stolen)).numAffectedRows).toBe(0n);
    const forged = sql`
      insert into millrace.template (id, tenant_id, flow_id, name, description, audience)
      values ('acme/forged', ${other.id}, 'forged', 'Forged', '', 'everybody')`;
    await expect(write(forged)).rejects.toThrow(/row-level security/);
  });
});

describe('R-X6 a clone', () => {
  test('is planned: everything that is missing or wrong is told at once, and nothing is written', async () => {
    await offer(orders('planned'));
    await instance.call('POST', '/flows', orders('taken'), { 'x-api-key': instance.keys.other });
    const body = {
      flow: 'taken',
      parameters: { region: 'far too long', nonsense: 1 },
      connections: {
        sandbox: { shop: '00000000-0000-0000-0000-000000000000', bar: '00000000-0000-0000-0000-000000000000' },
      },
      trial: { sample: 'nothing', node: 'keep' },
    };
    const plan = await asOther('post', '/templates/:id/plan', 'acme/planned', body);
    expect(codes(plan)).toEqual([
      'FLOW_EXISTS /flow',
      'CONNECTION_MISFIT /connections/sandbox/shop',
      'CONNECTION_MISFIT /connections/sandbox/bar',
      'CONNECTION_UNBOUND /connections/production/shop',
      'PARAMETER_UNKNOWN /parameters/nonsense',
      expect.stringMatching(/ \/parameters\/region$/),
      'SAMPLE_UNKNOWN /trial/sample',
      'TRIGGER_UNKNOWN /trial/node',
    ]);
    const refused = await asOther('post', '/templates/:id/clone', 'acme/planned', body);
    expect([refused.status, refused.body.error.code, codes(refused).length]).toEqual([422, 'CLONE_REFUSED', 7]);
    expect((await draftOf('taken')).revision).toBe(1);
    const missing = await asOther('post', '/templates/:id/plan', 'acme/planned', { flow: 'fresh', deploy: true });
    expect(codes(missing)).toEqual([
      'CONNECTION_UNBOUND /connections/sandbox/shop',
      'CONNECTION_UNBOUND /connections/production/shop',
      expect.stringMatching(/ \/parameters\b/),
    ]);
    expect((await asOther('get', '/flows/:id', 'fresh')).status).toBe(404);
  });

  test('is deployed to the sandbox with its own connection and tried; it calls itself and writes its records by its own id', async () => {
    await offer(orders('origin'));
    const [sandbox, production] = [await shopIn('sandbox', 'Shop'), await shopIn('production', 'Shop')];
    const cloned = await asOther('post', '/templates/:id/clone', 'acme/origin', {
      flow: 'north',
      name: 'Orders of the north',
      parameters: { region: 'NORTH' },
      connections: { sandbox: { shop: sandbox }, production: { shop: production } },
      trial: { sample: 'order', node: 'byHand' },
    });
    expect([cloned.status, cloned.body]).toMatchObject([201, { flow: 'north', version: '1', deployed: { number: 1 } }]);
    await instance.api.engine.settle();
    const headers = { 'x-api-key': instance.keys.other };
    const trial = await instance.call('GET', `/runs/${cloned.body.run}`, undefined, headers);
    expect(trial.body).toMatchObject({ status: 'succeeded', environment: 'sandbox' });
    const sent = await fetch(`${instance.url}/sandbox/hooks/other/origin`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"id":"A-2","qty":1}',
    });
    const { runId } = (await sent.json()) as { runId: string };
    await instance.api.engine.settle();
    const run = await instance.call('GET', `/runs/${runId}`, undefined, headers);
    expect(run.body.status, JSON.stringify(run.body.error)).toBe('succeeded');
    const records = await instance.call('GET', '/records/origin-order?environment=sandbox', undefined, headers);
    expect(records.body.records.map(({ data }: { data: Json }) => data)).toEqual(
      expect.arrayContaining([
        { id: 'A-1', region: 'NORTH' },
        { id: 'A-2', region: 'NORTH' },
      ]),
    );
    expect((await draftOf('north')).bundle).toMatchObject({
      flow: { id: 'north', name: 'Orders of the north', nodes: { again: { config: { flow: 'north' } } } },
      records: [{ id: 'origin-order', writers: ['north'] }],
    });
    // The connection for production was chosen when the clone was made.
    const deployed = await asOther('post', '/flows/:id/deploy', 'north', {});
    expect(deployed.status, JSON.stringify(deployed.body)).toBe(200);
    const { body } = await asOther('get', '/flows/:id/deployments', 'north?environment=production');
    expect(body.deployments[0]).toMatchObject({
      connections: { shop: production },
      parameters: { region: 'NORTH', due: 'PT4H' },
    });
  });

  test('that cannot be deployed is not made at all', async () => {
    await offer(orders('blocked'));
    const shop = await shopIn('sandbox', 'Blocked');
    const rival = { ...orders('rival'), flow: { ...orderFlow('rival', { path: 'blocked' }).flow } };
    await instance.call('POST', '/flows', rival, { 'x-api-key': instance.keys.other });
    await asOther('post', '/flows/:id/deploy', 'rival', { environment: 'sandbox' });
    const body = { flow: 'south', parameters: { region: 'S' }, connections: { sandbox: { shop } }, deploy: true };
    const refused = await asOther('post', '/templates/:id/clone', 'acme/blocked', body);
    expect([refused.status, codes(refused)]).toEqual([422, ['ROUTE_TAKEN /bundle/nodes/approved/config/path']]);
    expect((await asOther('get', '/flows/:id', 'south')).status).toBe(404);
    expect((await asOther('get', '/flows/:id/upgrade', 'south')).status).toBe(404);
  });

  test('is deployed and tried only by whoever may do that', async () => {
    const { auth } = instance.api;
    const scope = { actions: ['templates.clone', 'templates.read'] } as const;
    const key = await auth.keys.create(instance.tenants.other, { name: 'clones', scope });
    const body = { flow: 'unseen', parameters: { region: 'S' }, trial: { sample: 'order' } };
    const answer = await asked('post', '/templates/:id/clone', 'acme/origin', body, { 'x-api-key': key });
    expect([answer.status, answer.body.error.details.action]).toEqual([403, 'flows.deploy']);
  });
});

describe('R-X6 an upgrade of a clone', () => {
  const plan = async (flow: string, to?: string) =>
    (await asOther('get', '/flows/:id/upgrade', to === undefined ? flow : `${flow}?to=${to}`)).body;
  const upgrade = (flow: string, revision: number, decisions: Body[] = []) =>
    asOther('post', '/flows/:id/upgrade', flow, { revision, decisions });

  test('takes what is new, keeps what the tenant has changed, and tells all of it in sentences', async () => {
    await offer(orders('moving'));
    await clone('acme/moving', 'follower', { parameters: { region: 'EU', due: 'PT1H' }, name: 'Mine' });
    await save('follower', ({ flow, ...more }) => ({
      ...more,
      flow: { ...flow, nodes: { ...flow.nodes, check: { ...flow.nodes.check, title: 'Is it one?' } } },
    }));
    const keep = { ...orders('moving').flow.nodes.keep, retry: { attempts: 7 } };
    await offer(
      orders('moving', { name: 'Renamed', nodes: { keep }, properties: { due: { type: 'string', default: 'PT8H' } } }),
    );
    const planned = await plan('follower');
    expect(planned).toMatchObject({
      template: 'acme/moving',
      from: '1',
      to: '2',
      revision: 2,
      conflicts: [],
      isCurrent: false,
    });
    expect(planned.changes.map(({ sentence }: Body) => sentence)).toEqual([
      'How the node “keep” is tried again is new: {"attempts":7}.',
    ]);
    const done = await upgrade('follower', 2);
    expect([done.status, done.body]).toMatchObject([200, { done: true, revision: 3 }]);
    expect((await draftOf('follower')).bundle.flow).toMatchObject({
      name: 'Mine',
      parameters: { properties: { due: { default: 'PT1H' }, region: { default: 'EU' } } },
      nodes: {
        keep: { retry: { attempts: 7 } },
        check: { title: 'Is it one?' },
        again: { config: { flow: 'follower' } },
      },
    });
    expect(await plan('follower')).toMatchObject({ from: '2', to: '2', changes: [], isCurrent: true });
  });

  test('waits until every conflict is decided, some now and others later, and is done at once then', async () => {
    await offer(orders('argued'));
    await clone('acme/argued', 'argument');
    const titled = (flow: ReturnType<typeof orders>['flow'], text: string) => ({
      ...flow,
      description: text,
      nodes: { ...flow.nodes, check: { ...flow.nodes.check, title: text } },
    });
    await save('argument', ({ flow, ...more }) => ({ ...more, flow: titled(flow, 'Mine') }));
    const { flow, ...more } = orders('argued', {
      nodes: { keep: { ...orders('argued').flow.nodes.keep, title: 'Kept' } },
    });
    await offer({ ...more, flow: titled(flow, 'Theirs') });
    const { conflicts } = await plan('argument');
    const [description, title] = ['/flow/description', '/flow/nodes/check/title'];
    expect(conflicts).toEqual([
      { kind: 'value', pointer: description, base: 'Keeps the orders of a shop.', mine: 'Mine', theirs: 'Theirs' },
      { kind: 'value', pointer: title, base: 'Check', mine: 'Mine', theirs: 'Theirs' },
    ]);
    const stale = await upgrade('argument', 1);
    expect([stale.status, stale.body.error.code]).toEqual([409, 'REVISION_CONFLICT']);
    expect((await upgrade('argument', 2)).body.done).toBe(false);
    const half = await upgrade('argument', 2, [{ kind: 'value', pointer: title, take: 'theirs' }]);
    expect(half.body).toMatchObject({ done: false, revision: 2 });
    expect((await draftOf('argument')).bundle.flow.nodes).toMatchObject({ check: { title: 'Mine' }, keep: {} });
    expect(await plan('argument')).toMatchObject({ from: '1', conflicts: [{}, { decision: { take: 'theirs' } }] });
    const unknown = await upgrade('argument', 2, [{ kind: 'value', pointer: '/flow/name', take: 'mine' }]);
    expect([unknown.status, unknown.body.error.code]).toEqual([404, 'CONFLICT_UNKNOWN']);
    const whole = await upgrade('argument', 2, [{ kind: 'value', pointer: description, take: 'value', value: 'Ours' }]);
    expect(whole.body).toMatchObject({ done: true, revision: 3 });
    expect((await draftOf('argument')).bundle.flow).toMatchObject({
      description: 'Ours',
      nodes: { check: { title: 'Theirs' }, keep: { title: 'Kept' } },
    });
    expect(await plan('argument')).toMatchObject({ from: '2', conflicts: [], isCurrent: true });
  });

  test('asks about a parameter that is gone and that a deployment sets', async () => {
    await offer(orders('tuned'));
    await clone('acme/tuned', 'tuning');
    const shop = await shopIn('production', 'Tuned');
    await asOther('post', '/flows/:id/deploy', 'tuning', { parameters: { due: 'PT2H' }, connections: { shop } });
    const { flow, ...more } = orders('tuned');
    const { due: _, ...properties } = flow.parameters.properties;
    await offer({ ...more, flow: { ...flow, parameters: { ...flow.parameters, properties } } } as never);
    const pointer = '/flow/parameters/properties/due';
    expect((await plan('tuning')).conflicts).toMatchObject([{ pointer, mine: { default: 'PT4H' } }]);
    await upgrade('tuning', 1, [{ kind: 'value', pointer, take: 'mine' }]);
    await asOther('post', '/flows/:id/deploy', 'tuning', {});
    const { body } = await asOther('get', '/flows/:id/deployments', 'tuning');
    expect(body.deployments[0].parameters).toMatchObject({ due: 'PT2H', region: 'EU' });
  });

  test('is refused a decision that would make it no flow', async () => {
    await offer(orders('strict'));
    await clone('acme/strict', 'strict-one');
    // Of a list in which two have the same name nothing can be taken by itself.
    await save('strict-one', ({ flow, ...more }) => ({
      ...more,
      flow: { ...flow, edges: [...flow.edges, flow.edges[0]] },
    }));
    const { flow, ...more } = orders('strict');
    const { tell: _, ...nodes } = flow.nodes;
    const edges = flow.edges.filter(({ to }) => to !== 'tell');
    await offer({ ...more, flow: { ...flow, nodes, edges, connections: {} } } as never);
    const { conflicts } = await plan('strict-one');
    const decisions = conflicts.map(({ kind, pointer }: Body) => ({ kind, pointer, take: 'theirs' }));
    const wrong = { kind: 'value', pointer: '/flow/edges', take: 'value', value: 5 };
    const answer = await upgrade('strict-one', 2, [
      ...decisions.filter((each: Body) => each.pointer !== wrong.pointer),
      wrong,
    ]);
    expect([answer.status, answer.body.error]).toMatchObject([
      422,
      { code: 'DECISION_MISFIT', pointer: '/flow/edges' },
    ]);
    expect((await upgrade('strict-one', 2, decisions)).body.done).toBe(true);
  });

  test('in bulk reaches each clone that merges cleanly; the others are listed, and counts name nobody', async () => {
    await offer(orders('herd'));
    for (const flow of ['herd-1', 'herd-2', 'herd-3']) await clone('acme/herd', flow);
    await save('herd-2', ({ flow, ...more }) => ({ ...more, flow: { ...flow, description: 'Mine' } }));
    const { flow, ...more } = orders('herd');
    await offer({ ...more, flow: { ...flow, description: 'Theirs' } });
    await upgrade('herd-3', 1);
    const all = await asOther('post', '/templates/:id/upgrade', 'acme/herd', {});
    expect(all.body).toMatchObject({
      upgraded: [{ flow: 'herd-1', from: '1', revision: 2 }],
      current: ['herd-3'],
      left: [{ flow: 'herd-2', from: '1', code: 'UPGRADE_CONFLICTS', message: '1 conflict must be decided first.' }],
    });
    const counted = await asked('get', '/templates/:id/clones', 'acme/herd');
    expect(counted.body.clones).toEqual([
      { template: 'acme/herd', version: '1', clones: 1 },
      { template: 'acme/herd', version: '2', clones: 2 },
    ]);
    // A key would speak before the cookie.
    const owner = { 'x-api-key': '', ...(await ownerOf(instance)) };
    const everywhere = await asked('get', '/clones', '', undefined, owner);
    expect(everywhere.body.clones).toEqual(expect.arrayContaining(counted.body.clones));
    expect(JSON.stringify(everywhere.body)).not.toContain('herd-');
  });

  test('follows a template that comes with Millrace when Millrace moves on', async () => {
    await clone('ready-made', 'made', { parameters: {} });
    const next = orderFlow('ready-made', { path: 'ready-made' });
    shipped = [shippedAt('1.1', { ...next, flow: { ...next.flow, description: 'New here' } } as FlowBundle)];
    expect(await plan('made')).toMatchObject({ template: 'ready-made', from: '1.0', to: '1.1', isCurrent: false });
    expect((await upgrade('made', 1)).body.done).toBe(true);
    expect((await draftOf('made')).bundle.flow).toMatchObject({ id: 'made', description: 'New here' });
  });

  test('of what is no clone, or whose template is gone for it, is not found', async () => {
    expect((await asOther('get', '/flows/:id/upgrade', 'taken')).status).toBe(404);
    await offer(orders('leaving'));
    await clone('acme/leaving', 'left-alone');
    await asked('put', '/templates/:id', 'acme/leaving', { withdrawn: true });
    expect((await asOther('get', '/flows/:id/upgrade', 'left-alone')).status).toBe(404);
    expect((await draftOf('left-alone')).problems).toEqual([]);
  });
});
