import { authoringSchema, type Catalogue, isObject } from '@millrace/contract';
import type { FlowDocument } from '@millrace/flow';
import { Value } from 'typebox/value';
import type { Route } from '../postgres/flows/routes.ts';

/** The webhook routes that a document asks for; a trigger of a draft that is not configured properly asks for none. */
export function routesOf({ nodes }: FlowDocument, catalogue: Catalogue): Route[] {
  return Object.entries(nodes).flatMap(([id, node]) => {
    const spec = isObject(node) ? catalogue.triggers.get(node.type) : undefined;
    if (!spec || !Value.Check(authoringSchema(spec.config), node.config)) return [];
    const activation = spec.activation(Value.Default(spec.config, structuredClone(node.config)));
    return activation.kind === 'route' ? [{ method: activation.method, path: activation.path, node: id }] : [];
  });
}
