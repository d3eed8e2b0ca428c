import { MillraceError, type Problem } from '@millrace/contract';
import type { Foundation } from '../engine/engine.ts';
import { lockConnection, removeConnection } from '../postgres/connections/connections.ts';
import type { Tx } from '../postgres/database.ts';
import { type ConnectionUse, connectionUses, runsUsing } from '../postgres/queries/connection-uses.ts';
import { connectionMissing } from './known-connection.ts';

/**
 * Deletes a connection that nothing uses, with its secrets and its history.
 * @throws {MillraceError} `NOT_FOUND`; `CONNECTION_IN_USE` naming flow, slot and environment of every use
 */
export async function deleteConnection(
  { database }: Pick<Foundation, 'database'>,
  tenant: string,
  id: string,
): Promise<void> {
  await database.asTenants([tenant], async (tx) => {
    const row = await lockConnection(tx, id);
    if (!row) throw connectionMissing();
    refuseUsed(row.name, await usesOf(tx, id));
    await removeConnection(tx, id);
  });
}

async function usesOf(tx: Tx, id: string): Promise<string[]> {
  const deployed = (await connectionUses(tx)).get(id) ?? [];
  const underWay = await runsUsing(tx, id);
  return [
    ...deployed.map((use) => `It is ${slotOf(use)}.`),
    ...underWay.map(
      ({ runs, ...use }) => `${runs === 1 ? 'A run' : `${runs} runs`} under way began with it as ${slotOf(use)}.`,
    ),
  ];
}

function slotOf({ flow, slot, environment }: ConnectionUse): string {
  return `“${slot}” of the flow “${flow}” in ${environment}`;
}

/** So many uses are named in the sentence; the problems have all. */
const mostTold = 5;

function refuseUsed(name: string, uses: readonly string[]): void {
  if (uses.length === 0) return;
  const told = uses.slice(0, mostTold).join(' ');
  const problems = uses.map((message): Problem => ({ code: 'CONNECTION_IN_USE', pointer: '', message }));
  throw new MillraceError('CONNECTION_IN_USE', `The connection “${name}” is in use and stays. ${told}`, { problems });
}
