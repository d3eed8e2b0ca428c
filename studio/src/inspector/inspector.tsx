import { ActionIcon, Button, Tabs, TextInput, Tooltip } from '@mantine/core';
import { IconLayoutColumns, IconTrash, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { NodeIcon } from '../canvas/node-icon.tsx';
import { changeNode, removeNodes } from '../editor/edits.ts';
import { placeOf } from '../editor/problems.ts';
import { useBundle, useEditing } from '../flows/editing.ts';
import { titleFieldId } from '../flows/focus-field.ts';
import classes from './inspector.module.css';
import { NodeDocs } from './node-docs.tsx';
import { NodeSettings } from './node-settings.tsx';
import { ProblemMessages } from './problem-messages.tsx';
import { Wiring } from './wiring.tsx';

interface InspectorProps {
  readonly node: string;
  /** Left out where it stands between the data of the node. */
  readonly close?: () => void;
}

/** Settings of a node. */
export function Inspector({ node: id, close }: InspectorProps) {
  const { t } = useTranslation();
  const { editor, catalog, problems, openNodeView } = useEditing();
  const [tab, setTab] = useState<string | null>('settings');
  const { flow } = useBundle();
  const node = flow.nodes[id];
  if (!node) return null;
  const description = catalog.get(node.type);
  const own = problems.flatMap((problem) => {
    const place = placeOf(problem, flow);
    return place.node === id ? [{ ...problem, field: place.field }] : [];
  });
  const general = own.filter(({ field }) => field === undefined || field.length === 0);
  return (
    <aside className={classes.inspector} aria-label={t('inspector.label')}>
      <header className={classes.header}>
        <span className={classes.icon}>
          <NodeIcon name={description?.icon ?? ''} />
        </span>
        <div className={classes.heading}>
          <h2 className={classes.type}>{description?.title ?? node.type}</h2>
          <div className={classes.id}>
            <span className="visually-hidden">{t('inspector.id')}: </span>
            {id}
          </div>
        </div>
        {close && (
          <Tooltip label={t('nodeView.open')}>
            <ActionIcon aria-label={t('nodeView.open')} onClick={() => openNodeView(id)}>
              <IconLayoutColumns size={17} stroke={1.8} />
            </ActionIcon>
          </Tooltip>
        )}
        <Tooltip label={t('inspector.deleteNode')}>
          <ActionIcon aria-label={t('inspector.deleteNode')} onClick={() => editor.edit(removeNodes(new Set([id])))}>
            <IconTrash size={17} stroke={1.8} />
          </ActionIcon>
        </Tooltip>
        {close && (
          <ActionIcon aria-label={t('inspector.close')} onClick={close}>
            <IconX size={17} stroke={1.8} />
          </ActionIcon>
        )}
      </header>
      <div className={classes.scroll}>
        <div className={classes.top}>
          <TextInput
            id={titleFieldId(id)}
            size="xs"
            label={t('inspector.title')}
            value={node.title ?? ''}
            placeholder={description?.title ?? id}
            onChange={(event) =>
              editor.edit(changeNode(id, { title: event.currentTarget.value || undefined }), `title:${id}`)
            }
          />
          {description && <p className={classes.summary}>{description.summary}</p>}
          {general.length > 0 && <ProblemMessages problems={general} />}
        </div>
        <Tabs
          value={tab}
          onChange={setTab}
          keepMounted={false}
          classNames={{ tab: classes.tab ?? '', list: classes.tabs ?? '' }}
        >
          <Tabs.List>
            <Tabs.Tab value="settings">{t('inspector.tabs.settings')}</Tabs.Tab>
            <Tabs.Tab value="wiring" data-wiring={id}>
              {t('inspector.tabs.wiring')}
            </Tabs.Tab>
            {description && <Tabs.Tab value="docs">{t('inspector.tabs.docs')}</Tabs.Tab>}
          </Tabs.List>
          <Tabs.Panel value="settings" className={classes.panel ?? ''}>
            <NodeSettings key={id} id={id} node={node} description={description} problems={own} />
          </Tabs.Panel>
          <Tabs.Panel value="wiring" className={classes.panel ?? ''}>
            <Wiring id={id} />
          </Tabs.Panel>
          {description && (
            <Tabs.Panel value="docs" className={classes.panel ?? ''}>
              <NodeDocs description={description} />
            </Tabs.Panel>
          )}
        </Tabs>
      </div>
    </aside>
  );
}

/** What is shown while more than one node is selected. */
export function SeveralSelected({ ids }: { readonly ids: ReadonlySet<string> }) {
  const { t } = useTranslation();
  const { editor } = useEditing();
  return (
    <aside className={classes.inspector} aria-label={t('inspector.label')}>
      <div className={classes.several}>
        <h2>{t('inspector.several', { count: ids.size })}</h2>
        <p>{t('inspector.severalHint')}</p>
        <Button variant="default" leftSection={<IconTrash size={15} />} onClick={() => editor.edit(removeNodes(ids))}>
          {t('common.delete')}
        </Button>
      </div>
    </aside>
  );
}
