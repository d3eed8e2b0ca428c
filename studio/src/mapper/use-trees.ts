import type { CatalogueDescription, Json } from '@millrace/contract';
import type { FlowDocument } from '@millrace/flow';
import { type Environment, shapeOfSchema } from '@millrace/mapping';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { everyField, keyOf, type TreeField, treeOf } from './field-tree.ts';
import { environmentOfNode } from './line-help.ts';
import type { Order, TargetLine } from './target-lines.ts';

interface Given {
  readonly flow: FlowDocument;
  readonly catalogue: CatalogueDescription;
  readonly node: string;
  readonly lines: readonly TargetLine[];
  /** Fields of the target that somebody has named, and that no line makes yet. */
  readonly added: readonly (readonly string[])[];
  /** JSON Schema of what the mapping makes. */
  readonly schema: Json | undefined;
  readonly input: Json | undefined;
  readonly bindings: Readonly<Record<string, Json>>;
}

export interface Trees {
  readonly environment: Environment;
  /** What comes in: the input first, then what the flow knows besides. */
  readonly sources: readonly [TreeField, ...TreeField[]];
  readonly target: TreeField;
  readonly order: Order;
}

/** Both sides of a mapping, from schemas, the sample and the lines. */
export function useTrees({ flow, catalogue, node, lines, added, schema, input, bindings }: Given): Trees {
  const { t } = useTranslation();
  const environment = useMemo(() => environmentOfNode(flow, catalogue, node), [flow, catalogue, node]);
  const sources = useMemo((): Trees['sources'] => {
    const around = Object.entries(environment.bindings ?? {}).filter(([name]) => name in bindings);
    return [
      treeOf({ root: '', label: t('mapper.input'), shape: environment.input, sample: input }),
      ...around.map(([root, { shape }]) => treeOf({ root, label: `$${root}`, shape, sample: bindings[root] })),
    ];
  }, [environment, input, bindings, t]);
  const target = useMemo(() => {
    const shape = schema === undefined ? undefined : shapeOfSchema(schema);
    const more = [...lines.map(({ names }) => names), ...added];
    return treeOf({ root: '', label: t('mapper.result'), shape, sample: undefined, more });
  }, [schema, lines, added, t]);
  const order = useMemo(() => new Map(everyField(target).map((field, index) => [keyOf(field.names), index])), [target]);
  return { environment, sources, target, order };
}
