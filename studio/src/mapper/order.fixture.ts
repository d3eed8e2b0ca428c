import { readFileSync } from 'node:fs';
import { type Json, readJson } from '@millrace/contract';
import { evaluate, fieldsToText, shapeOfSchema, shapeOfValue } from '@millrace/mapping';
import { everyField, item, keyOf, type TreeField, treeOf } from './field-tree.ts';
import type { Line } from './mapping.ts';
import { schemaOfExample } from './schema-of-example.ts';
import type { Order } from './target-lines.ts';

const template = new URL('../../../flows/order-export-dropzone/', import.meta.url);
const read = (path: string) => readJson(readFileSync(new URL(path, template), 'utf8'));

interface Flow {
  readonly nodes: {
    readonly document: { readonly config: { readonly fields: readonly Line[] } };
    readonly check: { readonly config: { readonly schema: Json } };
  };
}

/** The template's flow: what comes in is checked, and its export document is made by a field map. */
const { nodes } = read('flow.json') as unknown as Flow;
export const order = read('samples/order.json');
export const ownMapping = nodes.document.config.fields;

const bindings = {
  tenant: { slug: 'demo' },
  run: { id: '0190f3c0-0000-7000-8000-000000000001' },
  trigger: { body: order },
} satisfies Record<string, Json>;

/** What a field map makes of the order. */
export function made(fields: readonly Line[]): Json | undefined {
  return evaluate({
    text: fieldsToText(fields),
    input: order,
    bindings,
    now: '2026-11-30T00:00:00Z',
    seed: '',
  });
}

export const exportDocument = made(ownMapping) as Json;
const target = schemaOfExample(exportDocument, true);

export const inputTree = treeOf({
  root: '',
  label: 'Input',
  shape: shapeOfSchema(nodes.check.config.schema),
  sample: order,
});
export const targetTree = treeOf({ root: '', label: 'Result', shape: shapeOfSchema(target), sample: undefined });
export const sourceTrees: readonly TreeField[] = [
  inputTree,
  ...Object.entries(bindings).map(([root, value]) =>
    treeOf({ root, label: `$${root}`, shape: shapeOfValue(value), sample: value }),
  ),
];
export const targetOrder: Order = new Map(everyField(targetTree).map(({ names }, index) => [keyOf(names), index]));

/** A field of a tree by its way, such as `lines.*.sku`. */
export function field(trees: readonly TreeField[], way: string, root = ''): TreeField {
  const names = way === '' ? [] : way.split('.').map((name) => (name === '*' ? item : name));
  const found = trees.flatMap(everyField).find((each) => each.key === keyOf(names, root));
  if (!found) throw new Error(`There is no ${root} ${way}.`);
  return found;
}
