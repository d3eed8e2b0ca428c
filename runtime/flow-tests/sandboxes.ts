import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Catalogue, type JsonObject, MillraceError, type Sandbox, type SandboxOptions } from '@millrace/contract';
import type { FlowDocument } from '@millrace/flow';

/** What a flow's slots are bound to in a test: each connection type's sandbox, or its default. */
export interface Sandboxes {
  /** Slot → type and config of its connection. */
  readonly connections: ReadonlyMap<string, { type: string; config: JsonObject }>;
  /** Slot → sandbox, where the type has one. */
  readonly sandboxes: ReadonlyMap<string, Sandbox>;
  stop(): Promise<void>;
}

/**
 * @param at `kinds`: slot → kind of sandbox that the test names
 * @throws {MillraceError} `SANDBOX_MISSING`, `SANDBOX_KIND_UNKNOWN` naming the kinds that there are
 */
export async function startSandboxes(
  document: FlowDocument,
  catalogue: Catalogue,
  at: Pick<SandboxOptions, 'folder' | 'now' | 'database'> & { kinds: Readonly<Record<string, string>> },
): Promise<Sandboxes> {
  checkKinds(at.kinds, document, catalogue);
  const connections = new Map<string, { type: string; config: JsonObject }>();
  const sandboxes = new Map<string, Sandbox>();
  for (const [slot, { type }] of Object.entries(document.connections ?? {})) {
    const spec = catalogue.connections.get(type);
    const folder = join(at.folder, slot);
    mkdirSync(folder, { recursive: true });
    const kind = at.kinds[slot];
    const sandbox = await spec?.sandbox?.({ ...at, folder, ...(kind !== undefined && { kind }) });
    const config = sandbox?.config ?? spec?.defaultConfig?.({ home: at.folder, tenant: 'test' });
    if (config === undefined)
      throw new MillraceError('SANDBOX_MISSING', `Connections of type ${type} have no sandbox to test with.`, {
        pointer: `/connections/${slot}`,
      });
    connections.set(slot, { type, config: config as JsonObject });
    if (sandbox) sandboxes.set(slot, sandbox);
  }
  return {
    connections,
    sandboxes,
    stop: async () => {
      for (const sandbox of sandboxes.values()) await sandbox.stop();
    },
  };
}

function checkKinds(
  kinds: Readonly<Record<string, string>>,
  { connections = {} }: FlowDocument,
  catalogue: Catalogue,
): void {
  for (const [slot, kind] of Object.entries(kinds)) {
    const { sandboxKinds = [] } = catalogue.connections.get(connections[slot]?.type ?? '') ?? {};
    if (sandboxKinds.includes(kind)) continue;
    const known = sandboxKinds.length > 0 ? `there are ${sandboxKinds.join(' and ')}` : 'there are none to choose from';
    throw new MillraceError('SANDBOX_KIND_UNKNOWN', `“${slot}” has no sandbox “${kind}”: ${known}.`, {
      pointer: `/sandboxes/${slot}`,
    });
  }
}
