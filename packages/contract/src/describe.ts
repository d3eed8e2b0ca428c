import type { TSchema } from 'typebox';
import type { ConnectionSpec } from './connection.ts';
import type { Effect, Example, MappingFields, NodeSpec } from './node.ts';
import type { Catalogue } from './pack.ts';
import type { TriggerSpec } from './trigger.ts';

/** A node or trigger type as plain data: what the flow package, the studio and the reference know of it. */
export interface NodeDescription {
  readonly kind: 'node' | 'trigger';
  readonly id: string;
  readonly version: number;
  readonly title: string;
  readonly summary: string;
  readonly docs?: string;
  readonly icon: string;
  readonly connection?: string;
  /** Always, or with a config that fits this schema. */
  readonly connectionOptional?: true | TSchema;
  /** JSON Schema of the evaluated config; `x-expression` marks fields that accept `{% … %}`. */
  readonly config: TSchema;
  readonly input?: TSchema;
  readonly outputs: Readonly<Record<string, TSchema>>;
  readonly portsFrom?: { readonly list: string; readonly field: string };
  readonly mapping?: MappingFields;
  readonly effect?: Effect;
  /** It has a body of nodes that name it as their parent. */
  readonly body?: true;
  /** A remark in the flow, which is never run. */
  readonly annotation?: true;
  readonly examples: readonly (Example | TriggerSpec['examples'][number])[];
}

export interface ConnectionDescription {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly config: TSchema;
  /** A slot of this type may be left unbound. */
  readonly hasDefault: boolean;
}

/** Every type of an instance as plain data. */
export interface CatalogueDescription {
  readonly nodes: readonly NodeDescription[];
  readonly connections: readonly ConnectionDescription[];
}

export function describeCatalogue(catalogue: Catalogue): CatalogueDescription {
  return {
    nodes: [
      ...[...catalogue.triggers.values()].map(describeTrigger),
      ...[...catalogue.nodes.values()].map(describeNode),
    ],
    connections: [...catalogue.connections.values()].map(describeConnection),
  };
}

export function describeNode(spec: NodeSpec): NodeDescription {
  const { run, resume, passEnded, effectOf, upgrade, ...data } = spec;
  return { kind: 'node', ...data };
}

export function describeTrigger(spec: TriggerSpec): NodeDescription {
  const { activation, authenticate, poll, upgrade, ...data } = spec;
  return { kind: 'trigger', ...data };
}

function describeConnection({ id, title, summary, config, defaultConfig }: ConnectionSpec): ConnectionDescription {
  return { id, title, summary, config, hasDefault: defaultConfig !== undefined };
}
