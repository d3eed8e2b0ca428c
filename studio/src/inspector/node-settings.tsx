import { Button, Skeleton } from '@mantine/core';
import type { FlowNode } from '@millrace/flow';
import { IconArrowsRightLeft, IconChevronRight } from '@tabler/icons-react';
import { lazy, Suspense, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { NodeDescription, Problem } from '../api/types.ts';
import { JsonView } from '../code/json-view.tsx';
import { changeNode } from '../editor/edits.ts';
import { useEditing } from '../flows/editing.ts';
import { useExpressionHelp } from '../flows/use-expression-help.ts';
import { isInMapping } from '../mapper/line-problems.ts';
import { linesOf, mappingKeys, mappingOf } from '../mapper/mapping.ts';
import { HookAddress } from './hook-address.tsx';
import classes from './inspector.module.css';
import { ProblemMessages } from './problem-messages.tsx';
import { RetryForm } from './retry-form.tsx';
import { SlotPicker } from './slot-picker.tsx';
import { useNodeSample } from './use-node-sample.ts';

const SchemaForm = lazy(() => import('./schema-form.tsx').then((module) => ({ default: module.SchemaForm })));
const mapType = 'core/map';
const nothingHidden: readonly string[] = [];

interface NodeSettingsProps {
  readonly id: string;
  readonly node: FlowNode;
  readonly description: NodeDescription | undefined;
  readonly problems: readonly (Problem & { readonly field: readonly string[] | undefined })[];
}

export function NodeSettings({ id, node, description, problems }: NodeSettingsProps) {
  const { t } = useTranslation();
  const { editor } = useEditing();
  const ofInput = useExpressionHelp(id, true);
  const ofNode = useExpressionHelp(id, false);
  const sample = useNodeSample(id);
  const help = useMemo(() => ({ ofInput, ofNode, sample }), [ofInput, ofNode, sample]);
  if (!description) {
    return (
      <>
        <p className={classes.note}>{t('inspector.unknown', { type: node.type })}</p>
        <JsonView value={node.config as never} label={t('inspector.tabs.settings')} />
      </>
    );
  }
  const hidden: readonly string[] = node.type === mapType ? mappingKeys : nothingHidden;
  const shown = Object.keys((description.config as { properties?: object }).properties ?? {}).filter(
    (name) => !hidden.includes(name),
  );
  return (
    <div className={classes.settings}>
      {description.connection !== undefined && <SlotPicker id={id} node={node} type={description.connection} />}
      <HookAddress id={id} />
      {node.type === mapType && <MappingCard id={id} node={node} problems={problems} />}
      {shown.length > 0 && (
        <Suspense fallback={<FormSkeleton fields={shown.length} />}>
          <SchemaForm
            id={`config-${id}`}
            schema={description.config}
            value={node.config}
            onChange={(config) => editor.edit(changeNode(id, { config }), `config:${id}`)}
            problems={problems.flatMap(({ field, ...problem }) =>
              field && field.length > 0 ? [{ ...problem, field }] : [],
            )}
            help={help}
            hidden={hidden}
          />
        </Suspense>
      )}
      {shown.length === 0 && node.type !== mapType && <p className={classes.note}>{t('inspector.noConfig')}</p>}
      {isTriedAgain(description) && <RetryForm id={id} retry={node.retry} />}
    </div>
  );
}

/** A trigger has no attempts, a loop leaves them to the nodes in its body, and a note never runs. */
function isTriedAgain({ kind, body, annotation }: NodeDescription): boolean {
  return kind === 'node' && !body && !annotation;
}

function MappingCard({ id, node, problems }: Pick<NodeSettingsProps, 'id' | 'node' | 'problems'>) {
  const { t } = useTranslation();
  const { openMapping } = useEditing();
  const mapping = mappingOf(node.config);
  const wrong = problems.filter(({ field }) => isInMapping(field));
  return (
    <>
      <Button
        variant="default"
        className={classes.mapping ?? ''}
        classNames={{ inner: classes.mappingInner ?? '', label: classes.mappingLabel ?? '' }}
        leftSection={<IconArrowsRightLeft size={18} stroke={1.8} />}
        rightSection={<IconChevronRight size={16} />}
        onClick={() => openMapping(id)}
        fullWidth
        h={52}
      >
        <span>
          <span className={classes.mappingTitle}>{t('inspector.openMapping')}</span>
          <span className={classes.mappingNote}>
            {mapping.kind === 'fields'
              ? t('inspector.mappingLines', { count: linesOf(mapping.fields).length })
              : t('inspector.mappingText')}
          </span>
        </span>
      </Button>
      {wrong.length > 0 && <ProblemMessages problems={wrong} />}
    </>
  );
}

function FormSkeleton({ fields }: { readonly fields: number }) {
  return (
    <div className={classes.settings} aria-hidden>
      {Array.from({ length: fields }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: placeholders have no identity
        <Skeleton key={index} height={50} radius={8} />
      ))}
    </div>
  );
}
