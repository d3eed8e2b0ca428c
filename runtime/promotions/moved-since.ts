import { MillraceError, type Problem } from '@millrace/contract';
import { canonicalJson } from '@millrace/flow';
import type { Tx } from '../postgres/database.ts';
import type { Tenant } from '../postgres/tenants/tenants.ts';
import { kindOf } from './kinds/kinds.ts';
import type { PartState, PlannedPart } from './part.ts';

/** One for each part that is not as it was in an environment. */
export async function movedSince(
  tx: Tx,
  tenant: Tenant,
  environment: string,
  states: readonly PartState[],
): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const { kind, name, state } of states) {
    const { read, title } = kindOf(kind);
    const now = await read(tx, { tenant, environment }, name);
    if (canonicalJson(now) === canonicalJson(state)) continue;
    const what = state === null ? 'has come' : now === null ? 'has gone' : 'has changed';
    const message = `${title[0]?.toUpperCase()}${title.slice(1)} “${name}” ${what} in ${environment} since.`;
    problems.push({ code: 'PART_MOVED', pointer: `/${kind}/${name}`, message });
  }
  return problems;
}

/** Both environments, as a plan found them. */
export async function movedSincePlan(tx: Tx, tenant: Tenant, parts: readonly PlannedPart[]): Promise<Problem[]> {
  const inSandbox = parts.map(({ kind, name, source: state }) => ({ kind, name, state }));
  const inProduction = parts.map(({ kind, name, before: state }) => ({ kind, name, state }));
  return [
    ...(await movedSince(tx, tenant, 'sandbox', inSandbox)),
    ...(await movedSince(tx, tenant, 'production', inProduction)),
  ];
}

/** @throws {MillraceError} `PROMOTION_STALE` with everything that has moved */
export function refuseMoved(problems: readonly Problem[], hint: string): void {
  const [first] = problems;
  if (!first) return;
  const message = `${first.message} ${hint}`;
  throw new MillraceError('PROMOTION_STALE', message, { category: 'cancelled', problems, pointer: first.pointer });
}

export const planAnew = 'Plan the promotion anew.';
