import { type CatalogueDescription, expressionOf, type Json } from '@millrace/contract';
import type { FlowDocument } from '@millrace/flow';
import { formattedPlaces } from './formatted-places.ts';

/** Config fields that hold the id of a flow say so by this format in their schema. */
const flowId = 'flow-id';

/** A flow that another one names in the config of a node. */
export interface NamedFlow {
  /** Of the flow, or the expression that computes it. */
  readonly id: string;
  /** Into the document. */
  readonly pointer: string;
  /** It is written out, not computed. */
  readonly isKnown: boolean;
}

/** The flows that a flow names, itself among them. */
export function flowsNamed({ nodes }: FlowDocument, types: CatalogueDescription): NamedFlow[] {
  const schemaOf = (type: string) => types.nodes.find(({ id }) => id === type)?.config;
  const places = Object.entries(nodes).flatMap(([id, { type, config }]) =>
    formattedPlaces(config as Json, schemaOf(type), `/nodes/${id}/config`),
  );
  return places.flatMap(({ format, value, pointer }) =>
    format === flowId && typeof value === 'string'
      ? [{ id: value, pointer, isKnown: expressionOf(value) === undefined }]
      : [],
  );
}

/** The other flows that a flow names; what an expression computes is not known. */
export function othersNamed(flow: FlowDocument, types: CatalogueDescription): NamedFlow[] {
  return flowsNamed(flow, types).filter(({ id, isKnown }) => isKnown && id !== flow.id);
}
