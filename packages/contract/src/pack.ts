import type { ConnectionSpec } from './connection.ts';
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
  return {
    nodes: byId(packs.flatMap((pack) => pack.nodes)),
    triggers: byId(packs.flatMap((pack) => pack.triggers)),
    connections: byId(packs.flatMap((pack) => pack.connections)),
  };
}
