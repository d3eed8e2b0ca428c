import {
  authoringSchema,
  type CatalogueDescription,
  type JsonObject,
  type NodeDescription,
  type Problem,
} from '@millrace/contract';
import { type FlowDocument, type FlowNode, isId } from '../document.ts';
import { type FileReference, fileReferences } from '../file-references.ts';
import { typesOf } from '../node-types.ts';
import { pointer } from '../pointer.ts';
import { configuredPorts, errorPort } from '../ports.ts';
import { schemaProblems } from './schema-problems.ts';

/** Checks each node for itself: type, version, config, and the ports that the config names. */
export function checkNodes(document: FlowDocument, catalogue: CatalogueDescription): readonly Problem[] {
  const types = typesOf(catalogue);
  const checked = Object.entries(document.nodes).flatMap(([id, node]) => {
    const type = types.get(node.type);
    return type?.version === node.version ? checkNode(id, node, type) : [];
  });
  return [...checkTypes(document, catalogue), ...checked];
}

/** Every node's type is there, in the version that the node is made for. */
export function checkTypes(document: FlowDocument, catalogue: CatalogueDescription): readonly Problem[] {
  const types = typesOf(catalogue);
  return Object.entries(document.nodes).flatMap(([id, node]) => {
    const type = types.get(node.type);
    if (!type) return [unknownType(id, node)];
    return node.version === type.version ? [] : [unknownVersion(id, node, type)];
  });
}

function unknownType(id: string, node: FlowNode): Problem {
  return {
    code: 'NODE_TYPE_UNKNOWN',
    pointer: pointer('nodes', id, 'type'),
    message: `There is no node type “${node.type}” here.`,
    hint: 'It may belong to a pack that is not enabled.',
  };
}

function checkNode(id: string, node: FlowNode, type: NodeDescription): readonly Problem[] {
  const at = pointer('nodes', id, 'config');
  const config = schemaProblems(authoringSchema(type.config), node.config, 'CONFIG_INVALID', at);
  const references = fileReferences(node.config as JsonObject, at).map(unresolved);
  return [...config, ...references, ...checkPorts(id, node, type), ...checkRetry(id, node, type)];
}

function unknownVersion(id: string, { version }: FlowNode, type: NodeDescription): Problem {
  const hint = version < type.version ? 'Upgrade the node.' : `Update the pack that brings “${type.id}”.`;
  const message = `“${id}” is made for version ${version} of “${type.id}”; here is version ${type.version}.`;
  return { code: 'NODE_VERSION_UNKNOWN', pointer: pointer('nodes', id, 'version'), message, hint };
}

function unresolved({ file, at }: FileReference): Problem {
  return {
    code: 'FILE_NOT_INCLUDED',
    pointer: at,
    message: `The text of file “${file}” is not part of this document.`,
    hint: 'Give the whole folder of the flow, or put the text here.',
  };
}

/** A port's name is part of edges and events, so it must be one, and one of a kind. */
function checkPorts(id: string, node: FlowNode, type: NodeDescription): readonly Problem[] {
  const names = configuredPorts(type, node.config as JsonObject);
  const taken = [...Object.keys(type.outputs), errorPort];
  const at = pointer('nodes', id, 'config', type.portsFrom?.list ?? '');
  const isWrong = (name: string, index: number) => !isId(name) || taken.includes(name) || names.indexOf(name) !== index;
  return names.filter(isWrong).map((name) => ({
    code: 'PORT_NAME_INVALID',
    pointer: at,
    message: `“${name}” cannot be the name of a port of “${id}”: it is taken already, or is not letters, digits, “-” and “_”.`,
  }));
}

function checkRetry(id: string, { retry }: FlowNode, type: NodeDescription): readonly Problem[] {
  const once = triedOnce(type);
  if (retry === undefined || !once) return [];
  return [
    {
      code: 'RETRY_POINTLESS',
      pointer: pointer('nodes', id, 'retry'),
      message: `“${id}” is ${once.what} and is never tried again.`,
      hint: once.hint,
    },
  ];
}

/**
 * What has no attempts. What only computes has them: an evaluation that took too long on a busy machine is worth another.
 */
function triedOnce({ kind, body, annotation }: NodeDescription): { what: string; hint: string } | undefined {
  if (kind === 'trigger') return { what: 'a trigger', hint: 'Set it at the nodes behind it.' };
  if (body) return { what: 'a loop', hint: 'Set it at the nodes in its body.' };
  return annotation && { what: 'a remark', hint: 'Take it away here.' };
}
