/** Sources that a test polls: what a poll does, it says itself. Every test has its own. Tests only. */
import {
  AnyJson,
  type Catalogue,
  defineConnection,
  defineTrigger,
  Expression,
  type JsonObject,
  type PollContext,
  Secret,
} from '@millrace/contract';
import { memoryBlobs } from '@millrace/testing/memory-blobs';
import { openNetwork } from '@millrace/testing/run-node';
import Type from 'typebox';
import { loadTriggers, type SourceRow } from '../../postgres/queries/load-triggers.ts';
import { askPoll } from '../../postgres/sources/polls.ts';
import { startFixture } from '../triggers.fixture.ts';
import { pollSources, type Sources } from './poll-sources.ts';

export type Poll = (
  config: { readonly path?: string },
  ctx: PollContext<{ readonly password: string }>,
) => Promise<void>;
export type World = Awaited<ReturnType<typeof startWorld>>;

const api = defineConnection({
  id: 'test/api',
  title: 'API',
  summary: 'Stands for any system that is polled.',
  config: Type.Object({ password: Secret(Type.String()) }, { additionalProperties: false }),
  fromText: (password) => ({ password }),
  defaultConfig: () => ({ password: 'open sesame' }),
  probe: async () => ({ ok: true, message: 'There.' }),
});

const Config = Type.Object(
  { path: Type.Optional(Expression(Type.String())), everyMs: Type.Optional(Type.Integer()) },
  { additionalProperties: false },
);

function feed(id: string, poll: Poll) {
  return defineTrigger<typeof Config, { password: string }>({
    id,
    version: 1,
    title: 'Feed',
    summary: 'Polls whatever the test says.',
    icon: 'rss',
    connection: api.id,
    connectionOptional: true,
    config: Config,
    outputs: { out: AnyJson },
    activation: ({ everyMs }) => ({ kind: 'source', everyMs: everyMs ?? 60_000 }),
    poll,
    examples: [],
  });
}

export interface ProcessOptions {
  readonly leaseMs?: number;
  readonly catalogue?: Catalogue;
}

export async function startWorld() {
  const poll: Poll = (config, ctx) => world.onPoll(config, ctx);
  const triggers = ['test/feed', 'test/other'].map((id) => feed(id, poll));
  const fixture = await startFixture({ triggers, connections: [api] });
  const { database, clock, tenant } = fixture;
  const place = { tenant: tenant.id, environment: 'production', flowId: 'orders' };
  const running: Sources[] = [];

  const world = {
    fixture,
    /** What the present test lets a poll do. */
    onPoll: (async () => undefined) as Poll,
    /** A process that polls; its `fetch` answers its name. */
    start(holder = 'first', { leaseMs, catalogue }: ProcessOptions = {}): Sources {
      const own = fixture.another();
      const services = {
        ...fixture.services,
        ...(catalogue && { catalogue }),
        database: own,
        leaseDatabase: own,
        accepting: fixture.accepting(own),
        blobs: { of: () => memoryBlobs() },
        network: { ...openNetwork, fetch: () => Promise.resolve(new Response(holder)) },
      };
      const sources = pollSources(services, { holder, ...(leaseMs !== undefined && { leaseMs }) });
      running.push(sources);
      return sources;
    },
    deploy: (config: JsonObject = {}, more: JsonObject = {}, type = 'test/feed') =>
      fixture.deploy('orders', { type, config, ...('connections' in more && { connection: 'api' }) }, more),
    async turnBy(milliseconds: number): Promise<void> {
      await clock.advanceTo(new Date((await clock.now()).getTime() + milliseconds));
    },
    async state(): Promise<SourceRow> {
      const found = await database.asTenants([tenant.id], (tx) => loadTriggers(tx, place.environment, place.flowId));
      return found.sources[0] as SourceRow;
    },
    ask: () => database.asTenants([tenant.id], (tx) => askPoll(tx, place, 'begin')),
    async stop() {
      await Promise.all(running.map((sources) => sources.stop()));
      await fixture.stop();
    },
  };
  return world;
}

/** Something that a test lets happen. */
export function gate() {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { opened: promise, open: () => resolve() };
}
