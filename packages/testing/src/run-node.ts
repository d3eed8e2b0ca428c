import { lookup } from 'node:dns/promises';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  authoringSchema,
  type Connection,
  type Example,
  fail,
  type Json,
  MillraceError,
  type Network,
  type NodeContext,
  type NodeSpec,
  type Pack,
  type Result,
  type Sandbox,
  writeJson,
} from '@millrace/contract';
import type { Static, TSchema } from 'typebox';
import { describe, expect, test } from 'vitest';
import { createDatabase } from './database.ts';
import { evaluateConfig, evaluateText } from './evaluate-config.ts';
import { memoryBlobs } from './memory-blobs.ts';
import { memoryRecordStore } from './memory-records.ts';
import { schemaProblems } from './schema-problems.ts';

/** Time of the step in every run that does not set its own. */
export const stepTime = new Date('2026-03-02T09:30:00.000Z');

/**
 * Runs a node in memory. A thrown {@link MillraceError} is the step's failure, as in the engine; anything else is a bug
 * and is thrown on.
 * @param config what the node sees: expressions already evaluated
 * @param overrides parts of the context that this run wants otherwise
 */
export async function runNode<C extends TSchema, ConnectionConfig>(
  spec: NodeSpec<C, ConnectionConfig>,
  input: Json,
  config: Static<C>,
  overrides: Partial<NodeContext<ConnectionConfig>> = {},
): Promise<Result> {
  try {
    return await spec.run(input, config, { ...memoryContext<ConnectionConfig>(), ...overrides });
  } catch (thrown) {
    if (thrown instanceof MillraceError) return fail(thrown.toData());
    throw thrown;
  }
}

/** A network that lets everything be called. */
export const openNetwork: Network = {
  fetch: (input, init) => fetch(input, init),
  allow: () => undefined,
  resolve: async (host) => (await lookup(host)).address,
};

/** A connection as a node gets it. */
export function connectionTo<Config>(config: Config): Connection<Config> {
  return { id: 'connection-1', name: 'Test connection', config, network: openNetwork };
}

function memoryContext<ConnectionConfig>(): NodeContext<ConnectionConfig> {
  return {
    run: { id: 'run-1', startedAt: stepTime },
    tenant: { slug: 'acme', timeZone: 'Europe/Stockholm' },
    step: 'step',
    idempotencyKey: (ordinal = 0) => `run-1/step/${ordinal}/0`,
    attempt: 1,
    repeated: false,
    signal: new AbortController().signal,
    now: stepTime,
    clock: { now: () => stepTime },
    log: { info: () => {}, warn: () => {} },
    connection: unbound,
    ...memoryRecordStore(),
    blobs: memoryBlobs(),
    runs: { call: async (flowId) => `run-of-${flowId}`, publish: async () => {}, respond: () => {} },
    alerts: { raise: () => {}, close: () => {} },
    fetch: () => Promise.reject(new Error('This test lets nobody call out; give it a `fetch`.')),
    earlierWaits: async () => [],
    evaluate: (text, input) => evaluateText(text, input, stepTime),
    mapping: () => Promise.reject(new Error('This test has no mapping in layers; give it one.')),
    validate: async (schema, data) => schemaProblems(schema, data),
  };
}

const unbound: Connection<never> = {
  id: 'unbound',
  name: 'unbound',
  network: openNetwork,
  get config(): never {
    throw new Error('This test binds no connection; give it one.');
  },
};

/**
 * Registers one test for every example of every node and trigger of the pack. A node's example must fit the node's own
 * schemas; one that needs a connection runs against the sandbox of its type. `expect.waits` is the correlation key.
 */
export function runExamples(pack: Pack): void {
  for (const spec of pack.nodes) {
    describe(spec.id, () => {
      test('shows what it does by at least one example', () => expect(spec.examples).not.toEqual([]));
      for (const example of spec.examples) test(`example: ${example.title}`, () => runExample(pack, spec, example));
    });
  }
  for (const trigger of pack.triggers) {
    describe(trigger.id, () => {
      test.each(trigger.examples)('example: $title', ({ config }) => {
        expect(schemaProblems(authoringSchema(trigger.config), config)).toEqual([]);
        expect(trigger.activation(config)).toHaveProperty('kind');
      });
    });
  }
}

async function runExample(pack: Pack, spec: NodeSpec, example: Example): Promise<void> {
  expect(schemaProblems(authoringSchema(spec.config), example.config)).toEqual([]);
  expect(schemaProblems(spec.input, example.input)).toEqual([]);
  const config = await evaluateConfig(spec.config, example.config, example.input, stepTime);
  expect(schemaProblems(spec.config, config)).toEqual([]);
  await withSandbox(pack, spec.connectionOptional ? undefined : spec.connection, async (connection) => {
    const result = await runNode(spec, example.input, config, {
      ...worldOf(example),
      ...(connection && { connection }),
      ...(spec.connectionOptional && { connection: connectionTo<unknown>(undefined) }),
    });
    expectResult(spec, result, example.expect);
  });
}

function worldOf({ http, records, mappings }: Example): Partial<NodeContext> {
  return {
    ...memoryRecordStore(records),
    ...(mappings && { mapping: async (name) => mappings[name] ?? Promise.reject(new Error(`No mapping “${name}”.`)) }),
    ...(http && { fetch: async () => jsonResponse(http) }),
  };
}

function jsonResponse({ status, body }: NonNullable<Example['http']>): Response {
  return new Response(body === undefined ? null : writeJson(body), {
    status,
    headers: { 'content-type': 'application/json' },
  });
}

function expectResult(spec: NodeSpec, result: Result, expected: Example['expect']): void {
  if ('error' in expected) expect(result).toMatchObject({ kind: 'fail', error: { code: expected.error } });
  else if ('waits' in expected) expect(result).toMatchObject({ kind: 'wait', key: expected.waits });
  else {
    const data = result.kind === 'emit' ? filledIn(expected.data, result.data) : expected.data;
    expect(result).toEqual({ kind: 'emit', port: expected.port, data });
    expect(schemaProblems(spec.outputs[expected.port] ?? {}, data)).toEqual([]);
  }
}

/** The expected data with every `*` replaced by what came, so that a difference elsewhere shows alone. */
function filledIn(expected: Json, actual: Json | undefined): Json {
  if (expected === '*' && actual !== undefined) return actual;
  if (Array.isArray(expected)) return expected.map((item, index) => filledIn(item, at(actual, index)));
  if (typeof expected !== 'object' || expected === null) return expected;
  return Object.fromEntries(Object.entries(expected).map(([key, item]) => [key, filledIn(item, at(actual, key))]));
}

function at(value: Json | undefined, key: string | number): Json | undefined {
  return typeof value === 'object' && value !== null ? (value as unknown as Record<string, Json>)[key] : undefined;
}

async function withSandbox(
  pack: Pack,
  type: string | undefined,
  use: (connection: Connection | undefined) => Promise<void>,
): Promise<void> {
  if (type === undefined) return use(undefined);
  const folder = await mkdtemp(join(tmpdir(), 'millrace-sandbox-'));
  const sandbox = await startSandbox(pack, type, folder);
  try {
    await use(connectionTo<unknown>(sandbox.config));
  } finally {
    await sandbox.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function startSandbox(pack: Pack, type: string, folder: string): Promise<Sandbox> {
  const sandbox = await pack.connections
    .find(({ id }) => id === type)
    ?.sandbox?.({ folder, now: () => stepTime, database: createDatabase });
  if (!sandbox) throw new Error(`Connection type ${type} has no sandbox to run examples against.`);
  return sandbox;
}
