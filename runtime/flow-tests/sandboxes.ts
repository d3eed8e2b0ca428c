import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Catalogue, type JsonObject, MillraceError, type Sandbox } from '@millrace/contract';
import type { FlowDocument } from '@millrace/flow';

/** What a flow's slots are bound to in a test: each connection type's sandbox, or its default. */
export interface Sandboxes {
  /** Slot → type and config of its connection. */
  readonly connections: ReadonlyMap<string, { type: string; config: JsonObject }>;
  /** Slot → sandbox, where the type has one. */
  readonly sandboxes: ReadonlyMap<string, Sandbox>;
  stop(): Promise<void>;
}

export async function startSandboxes(
  document: FlowDocument,
  catalogue: Catalogue,
  at: { folder: string; now: () => Date },
): Promise<Sandboxes> {
  const connections = new Map<string, { type: string; config: JsonObject }>();
  const sandboxes = new Map<string, Sandbox>();
  for (const [slot, { type }] of Object.entries(document.connections ?? {})) {
    const spec = catalogue.connections.get(type);
    const folder = join(at.folder, slot);
    mkdirSync(folder, { recursive: true });
    const sandbox = await spec?.sandbox?.({ folder, now: at.now });
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
