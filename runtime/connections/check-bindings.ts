import { MillraceError, type Problem } from '@millrace/contract';
import type { FlowDocument } from '@millrace/flow';
import { holdConnections, loadConnection } from '../postgres/connections/connections.ts';
import { loadRefused } from '../postgres/connections/load-refused.ts';
import type { Tx } from '../postgres/database.ts';
import type { Bindings } from './bind-slots.ts';

/**
 * Checks what somebody wants slots to be bound to: each slot is the flow's, each connection exists here (another
 * tenant's does not) and is of the slot's type.
 * @throws {MillraceError} `CONNECTION_MISFIT` with every problem
 */
export async function checkBindings(
  tx: Tx,
  document: FlowDocument,
  bound: Bindings,
  environment: string,
): Promise<void> {
  const problems = await bindingProblems(tx, document, bound, environment);
  const [first] = problems;
  if (first) throw new MillraceError(first.code, first.message, { problems, pointer: first.pointer });
}

/** The same as problems, with pointers such as `/connections/shop`. */
export async function bindingProblems(
  tx: Tx,
  document: FlowDocument,
  bound: Bindings,
  environment: string,
): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const [slot, id] of Object.entries(bound)) {
    const type = document.connections?.[slot]?.type;
    const message =
      type === undefined ? `The flow has no slot “${slot}”.` : await misfit(tx, { slot, type, id, environment });
    if (message !== undefined) problems.push({ code: 'CONNECTION_MISFIT', pointer: `/connections/${slot}`, message });
  }
  return problems;
}

/** Warnings of connections whose test was never good with what they hold: runs get no further than them before it is. */
export async function inactiveBindings(tx: Tx, bound: Bindings): Promise<Problem[]> {
  const refused = await loadRefused(tx, Object.values(bound));
  return Object.entries(bound).flatMap(([slot, id]): Problem[] => {
    const found = refused.get(id);
    if (!found) return [];
    const message = `The connection “${found.name}” is not in use before its test is good, and that says: ${found.message}`;
    return [{ code: 'CONNECTION_INACTIVE', pointer: `/connections/${slot}`, message, severity: 'warning' }];
  });
}

async function misfit(
  tx: Tx,
  { slot, type, id, environment }: { slot: string; type: string; id: string; environment: string },
): Promise<string | undefined> {
  const row = await loadConnection(tx, id);
  if (row?.environment !== environment) return `The connection bound to “${slot}” does not exist in ${environment}.`;
  return row.type === type
    ? undefined
    : `“${slot}” needs a connection of type ${type}, and “${row.name}” is ${row.type}.`;
}

/**
 * Keeps what slots are bound to from being deleted until the deployment is written.
 * @throws {MillraceError} `CONNECTION_MISFIT` where one has just been
 */
export async function holdBindings(tx: Tx, bound: Bindings): Promise<void> {
  const held = await holdConnections(tx, Object.values(bound));
  const gone = Object.entries(bound).find(([, id]) => !held.has(id));
  if (gone)
    throw new MillraceError('CONNECTION_MISFIT', `The connection bound to “${gone[0]}” has just been deleted.`, {
      pointer: `/connections/${gone[0]}`,
    });
}
