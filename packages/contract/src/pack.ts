import type { ConnectionSpec, Sandbox, SandboxOptions } from './connection.ts';
import type { NodeSpec } from './node.ts';
import type { TriggerSpec } from './trigger.ts';

/** A pack lists what it brings; `runtime/main.ts` names the packs that an instance has. */
export interface Pack {
  /** First part of every id in the pack. */
  readonly id: string;
  readonly title: string;
  // biome-ignore lint/suspicious/noExplicitAny: a list holds specs of different config types, which are contravariant
  readonly nodes: readonly NodeSpec<any, any>[];
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly triggers: readonly TriggerSpec<any, any>[];
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly connections: readonly ConnectionSpec<any>[];
  /** Systems that this pack can play behind another pack's connection types: what a `core/http` reaches may be anything. */
  readonly sandboxes?: readonly SystemSandbox[];
}

/** A stand-in for one particular system among all those that a connection type reaches. */
export interface SystemSandbox {
  /** The connection type behind which it stands. */
  readonly connection: string;
  /** Name by which a flow test chooses it; one of the connection type's `sandboxKinds`. */
  readonly kind: string;
  /** One sentence for the reference, with what its acts are. */
  readonly summary: string;
  start(options: SandboxOptions): Promise<Sandbox>;
}

export function definePack(pack: Pack): Pack {
  return pack;
}

/** All node, trigger and connection types of an instance by id. */
export interface Catalogue {
  readonly nodes: ReadonlyMap<string, NodeSpec>;
  readonly triggers: ReadonlyMap<string, TriggerSpec>;
  readonly connections: ReadonlyMap<string, ConnectionSpec>;
}

export function catalogueOf(packs: readonly Pack[]): Catalogue {
  const byId = <T extends { id: string }>(specs: readonly T[]) => new Map(specs.map((spec) => [spec.id, spec]));
  const sandboxes = packs.flatMap((pack) => pack.sandboxes ?? []);
  return {
    nodes: byId(packs.flatMap((pack) => pack.nodes)),
    triggers: byId(packs.flatMap((pack) => pack.triggers)),
    connections: byId(packs.flatMap((pack) => pack.connections).map((spec) => withSandboxes(spec, sandboxes))),
  };
}

/** The connection type with the systems that other packs play behind it; its own sandbox stays the first. */
function withSandboxes(spec: ConnectionSpec, sandboxes: readonly SystemSandbox[]): ConnectionSpec {
  const further = sandboxes.filter(({ connection }) => connection === spec.id);
  const [first] = further;
  if (!first) return spec;
  const own = spec.sandbox ?? ((options: SandboxOptions) => first.start(options));
  return {
    ...spec,
    sandboxKinds: [...(spec.sandboxKinds ?? []), ...further.map(({ kind }) => kind)],
    sandbox: (options) => {
      const system = further.find(({ kind }) => kind === options.kind);
      return system ? system.start(options) : own(options);
    },
  };
}
