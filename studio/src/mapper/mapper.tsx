import { Button, SegmentedControl, Select } from '@mantine/core';
import type { Json } from '@millrace/contract';
import { IconArrowLeft } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { titleOf } from '../canvas/drawing.ts';
import { changeNode } from '../editor/edits.ts';
import { useBundle, useEditing } from '../flows/editing.ts';
import { InputPane } from './input-pane.tsx';
import { Evaluated } from './live-result.tsx';
import classes from './mapper.module.css';
import { type Line, type Mapping, mappingOf, type View, views } from './mapping.ts';
import { MappingPane } from './mapping-pane.tsx';
import { ResultPane } from './result-pane.tsx';
import { useMappedSample } from './use-mapped-sample.ts';
import { useTwoViews } from './use-two-views.ts';

/** A mapping between its input and its result, both live. Takes the place of the canvas. */
export function Mapper({ node: id, close }: { readonly node: string; readonly close: () => void }) {
  const { t } = useTranslation();
  const { editor, catalog, openMapping } = useEditing();
  const { flow } = useBundle();
  const node = flow.nodes[id];
  const { sample, bindings, now } = useMappedSample(id);
  const fields = node?.config.fields;
  const expression = node?.config.expression;
  const mapping = useMemo(() => mappingOf({ fields, expression }), [fields, expression]);
  const [view, setView] = useState<View>(isBlank(mapping) || mapping.kind === 'fields' ? 'lines' : 'text');
  const { shown: looked, turn } = useTwoViews(mapping);
  const shown = view !== 'text' && isBlank(looked) ? noLines : looked;
  const target = node?.config.target as Json | undefined;
  const change = (next: Mapping, gesture?: string) => {
    const { fields: _fields, expression: _expression, ...rest } = node?.config ?? {};
    editor.edit(changeNode(id, { config: { ...rest, ...partOf(next) } }), gesture);
  };
  const look = (next: View) => {
    setView(next);
    turn(next === 'text' ? 'text' : 'fields');
  };
  const mappings = Object.keys(flow.nodes).filter((other) => catalog.get(flow.nodes[other]?.type ?? '')?.mapping);
  return (
    <section className={classes.mapper} aria-label={t('mapper.title')}>
      <header className={classes.header}>
        <Button variant="subtle" color="gray" leftSection={<IconArrowLeft size={16} />} onClick={close}>
          {t('mapper.close')}
        </Button>
        {mappings.length > 1 ? (
          <Select
            aria-label={t('mapper.whichMapping')}
            data={mappings.map((other) => ({ value: other, label: titleOf(other, flow, catalog) }))}
            value={id}
            onChange={(other) => other !== null && openMapping(other)}
          />
        ) : (
          <h2 className={classes.title}>{titleOf(id, flow, catalog)}</h2>
        )}
        <SegmentedControl
          size="xs"
          className={classes.views ?? ''}
          aria-label={t('mapper.view')}
          value={shown.kind === 'text' ? 'text' : view}
          onChange={(next) => look(next)}
          data={views.map((each) => ({ value: each, label: t(`mapper.views.${each}`) }))}
        />
      </header>
      <Evaluated mapping={shown} target={target} input={sample.input} bindings={bindings} now={now}>
        <div className={classes.panes} data-view={shown.kind === 'text' ? 'text' : view}>
          <InputPane sample={sample} />
          <MappingPane
            id={id}
            view={view}
            mapping={shown}
            change={change}
            schema={target}
            input={sample.input}
            bindings={bindings}
          />
          <ResultPane text={shown.kind === 'text' ? shown.expression : undefined} />
        </div>
      </Evaluated>
    </section>
  );
}

const noLines: Mapping = { kind: 'fields', fields: [] };

function isBlank(mapping: Mapping): boolean {
  return mapping.kind === 'text' && mapping.expression.trim() === '';
}

/** What a node's config has of a mapping; one without lines is none. */
function partOf(mapping: Mapping): { readonly fields?: readonly Line[]; readonly expression?: string } {
  if (mapping.kind === 'text') return { expression: mapping.expression };
  return mapping.fields.length === 0 ? {} : { fields: mapping.fields };
}
