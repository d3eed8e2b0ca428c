import {
  isObject,
  type Json,
  type JsonObject,
  MillraceError,
  type Problem,
  readJson,
  writeJson,
} from '@millrace/contract';
import type { Command } from 'commander';
import type { Known } from '../configuration/conflicts.ts';
import type { Plan } from '../configuration/plan.ts';
import { atTenant } from './at-tenant.ts';

/** Where a command gets and sends a tenant's configuration. */
export interface ConfigurationSource {
  read(only: readonly string[]): Promise<JsonObject>;
  plan(push: PushedParts): Promise<ToldPlan>;
  /** @throws {MillraceError} `CONFIGURATION_INVALID`, `CONFIGURATION_CONFLICT` */
  push(push: PushedParts): Promise<ToldPlan>;
}

export interface PushedParts {
  readonly parts: JsonObject;
  readonly known: Known;
  readonly only: readonly string[];
  readonly prune: boolean;
  readonly deploy?: string | undefined;
}

/** As far as people are told of it. */
export type ToldPlan = Pick<Plan, 'changes' | 'missing' | 'problems'> & {
  readonly conflicts: readonly Pick<Plan['conflicts'][number], 'part' | 'digest' | 'message'>[];
};

export interface SourceOptions {
  readonly server?: string;
  readonly key?: string;
  /** Slug. */
  readonly tenant: string;
}

export function withSource(command: Command): Command {
  return command
    .option('--server <url>', 'a running instance; without one, the configured database is used directly')
    .option('--key <key>', 'API key for the server; better in the environment: MILLRACE_KEY')
    .option('--tenant <slug>', 'whose configuration, where no server is named (a key is of one tenant)', 'demo');
}

export function sourceFrom({ server, key = process.env.MILLRACE_KEY, tenant }: SourceOptions): ConfigurationSource {
  if (server === undefined) return directly(tenant);
  if (key === undefined) throw new MillraceError('OPTION_INVALID', 'The server needs a key: set MILLRACE_KEY.');
  return overHttp(server, key);
}

const by = 'the command line';

function directly(slug: string): ConfigurationSource {
  const pushOf = ({ parts, only, ...push }: PushedParts) => ({
    ...push,
    configuration: { format: 1 as const, parts },
    selection: only,
    by,
    require: () => undefined,
  });
  return {
    async read(only) {
      const { readConfiguration } = await import('../configuration/read.ts');
      return atTenant(
        slug,
        async ({ foundation, tenant }) => (await readConfiguration(foundation, tenant, only)).parts,
      );
    },
    async plan(push) {
      const { planPush } = await import('../configuration/push.ts');
      return atTenant(slug, ({ instance, tenant }) => planPush(instance, { tenant, ...pushOf(push) }));
    },
    async push(push) {
      const { pushConfiguration } = await import('../configuration/push.ts');
      return atTenant(slug, ({ foundation, tenant }) => pushConfiguration(foundation, { tenant, ...pushOf(push) }));
    },
  };
}

function overHttp(server: string, key: string): ConfigurationSource {
  const call = (method: string, path: string, body?: Json) => ask({ server, key, method, path, body });
  const bodyOf = ({ parts, known, only, prune, deploy }: PushedParts): Json => ({
    configuration: { format: 1, parts },
    known,
    only,
    prune,
    ...(deploy !== undefined && { deploy }),
  });
  return {
    async read(only) {
      const query = new URLSearchParams(only.map((name): [string, string] => ['only', name]));
      const answer = await call('GET', `/configuration${only.length > 0 ? `?${query}` : ''}`);
      return (answer as { parts: JsonObject }).parts;
    },
    plan: async (push) => (await call('POST', '/configuration/plan', bodyOf(push))) as unknown as ToldPlan,
    push: async (push) => (await call('POST', '/configuration', bodyOf(push))) as unknown as ToldPlan,
  };
}

interface Request {
  readonly server: string;
  readonly key: string;
  readonly method: string;
  readonly path: string;
  readonly body: Json | undefined;
}

/** @throws {MillraceError} what the server has refused, `SERVER_UNREACHABLE` */
async function ask({ server, key, method, path, body }: Request): Promise<Json> {
  const headers = { 'x-api-key': key, ...(body !== undefined && { 'content-type': 'application/json' }) };
  const url = `${server.replace(/\/+$/, '')}/api/v1${path}`;
  const response = await fetch(url, { method, headers, body: body === undefined ? null : writeJson(body) }).catch(
    (cause: unknown) => Promise.reject(unreachable(server, cause)),
  );
  const answer = parsed(await response.text());
  if (response.ok && answer !== undefined) return answer;
  throw refusal(server, response.status, answer);
}

function parsed(text: string): Json | undefined {
  try {
    return readJson(text);
  } catch {
    return undefined;
  }
}

function unreachable(server: string, cause: unknown): MillraceError {
  return new MillraceError('SERVER_UNREACHABLE', `${server} does not answer.`, { category: 'transient', cause });
}

function refusal(server: string, status: number, answer: Json | undefined): MillraceError {
  const error = isObject(answer) && isObject(answer.error) ? answer.error : undefined;
  if (!error) return new MillraceError('SERVER_UNREACHABLE', `${server} answers ${status}, not as Millrace does.`);
  const problems = error.problems as unknown as readonly Problem[] | undefined;
  return new MillraceError(String(error.code), String(error.message), { ...(problems && { problems }) });
}
