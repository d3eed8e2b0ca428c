import { type Connection, type JsonObject, MillraceError, type Problem } from '@millrace/contract';
import type { FlowDocument } from '@millrace/flow';
import type { Foundation } from '../engine/engine.ts';
import { saveConnectionOf } from './save-connection.ts';

/** Slot → connection id. */
export type Bindings = Readonly<Record<string, string>>;

export interface SlotsToBind {
  /** Tenant's id and slug. */
  readonly tenant: { readonly id: string; readonly slug: string };
  readonly environment: string;
  readonly document: FlowDocument;
  /** What is bound already. */
  readonly bound: Bindings;
}

/**
 * Binds the slots that are still free to the default connection of their type.
 * @throws {MillraceError} `CONNECTION_UNBOUND` naming every slot whose type has no default
 */
export async function bindSlots(
  foundation: Pick<Foundation, 'database' | 'catalogue' | 'masterKeys' | 'home' | 'network'>,
  slots: SlotsToBind,
): Promise<Bindings> {
  const problems = unboundSlots(foundation, slots);
  const [first] = problems;
  if (first) throw new MillraceError(first.code, first.message, { problems, pointer: first.pointer });
  const { tenant, environment, bound } = slots;
  const bindings: Record<string, Connection['id']> = { ...bound };
  for (const { slot, type, config } of freeSlots(foundation, slots))
    bindings[slot] = await saveConnectionOf(foundation, {
      tenant: tenant.id,
      environment,
      name: `default:${type}`,
      type,
      config,
    });
  return bindings;
}

/** A problem for every slot that is still free and whose type has no default. */
export function unboundSlots(foundation: Pick<Foundation, 'catalogue' | 'home'>, slots: SlotsToBind): Problem[] {
  const unbound = freeSlots(foundation, slots).filter(({ config }) => config === undefined);
  return unbound.map(({ slot, type }) => ({
    code: 'CONNECTION_UNBOUND',
    pointer: `/connections/${slot}`,
    message: `The slot “${slot}” needs a connection of type ${type}.`,
  }));
}

/** With the config of the default connection, where the type has one. */
function freeSlots(
  { catalogue, home }: Pick<Foundation, 'catalogue' | 'home'>,
  { tenant, document, bound }: SlotsToBind,
) {
  const free = Object.entries(document.connections ?? {}).filter(([slot]) => bound[slot] === undefined);
  return free.map(([slot, { type }]) => {
    const spec = catalogue.connections.get(type);
    return { slot, type, config: spec?.defaultConfig?.({ home, tenant: tenant.slug }) as JsonObject };
  });
}
