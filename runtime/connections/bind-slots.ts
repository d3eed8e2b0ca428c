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
  { tenant, environment, document, bound }: SlotsToBind,
): Promise<Bindings> {
  const free = Object.entries(document.connections ?? {}).filter(([slot]) => bound[slot] === undefined);
  const defaults = free.map(([slot, { type }]) => {
    const spec = foundation.catalogue.connections.get(type);
    return { slot, type, config: spec?.defaultConfig?.({ home: foundation.home, tenant: tenant.slug }) as JsonObject };
  });
  refuseUnbound(defaults.filter(({ config }) => config === undefined));
  const bindings: Record<string, Connection['id']> = { ...bound };
  for (const { slot, type, config } of defaults)
    bindings[slot] = await saveConnectionOf(foundation, {
      tenant: tenant.id,
      environment,
      name: `default:${type}`,
      type,
      config,
    });
  return bindings;
}

function refuseUnbound(slots: readonly { slot: string; type: string }[]): void {
  const problems = slots.map(
    ({ slot, type }): Problem => ({
      code: 'CONNECTION_UNBOUND',
      pointer: `/connections/${slot}`,
      message: `The slot “${slot}” needs a connection of type ${type}.`,
    }),
  );
  const [first] = problems;
  if (first) throw new MillraceError(first.code, first.message, { problems, pointer: first.pointer });
}
