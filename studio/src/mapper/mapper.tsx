import { Button, SegmentedControl, Select } from '@mantine/core';
import { type Json, readJson, writeJson } from '@millrace/contract';
import { IconArrowLeft } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { sessionQuery } from '../api/queries.ts';
import { titleOf } from '../canvas/drawing.ts';
import { CodeEditor } from '../code/code-editor.tsx';
import { changeNode } from '../editor/edits.ts';
import { useBundle, useEditing } from '../flows/editing.ts';
import { RunsBadge } from '../flows/runs-badge.tsx';
import { useExpressionHelp } from '../flows/use-expression-help.ts';
import { lineProblems } from './line-problems.ts';
import { LineTable } from './line-table.tsx';
import classes from './mapper.module.css';
import { type Mapping, mappingOf, textsOf } from './mapping.ts';
import { ResultPane } from './result-pane.tsx';
import { sampleBindings } from './sample-bindings.ts';
import { useEvaluation } from './use-evaluation.ts';
import { type TwoViews, useTwoViews } from './use-two-views.ts';

/** A mapping between its input and its result, both live. Takes the place of the canvas. */
export function Mapper({ node: id, close }: { readonly node: string; readonly close: () => void }) {
  const { t } = useTranslation();
  const { editor, catalog } = useEditing();
  const { flow, samples } = useBundle();
  const node = flow.nodes[id];
  const sample = useSample(samples);
  const mapping = mappingOf(node?.config ?? {});
  const { shown, turn, turning } = useTwoViews(mapping);
  const session = useQuery(sessionQuery).data;
  const [at] = useState(() => new Date().toISOString());
  const triggers = Object.keys(flow.nodes).filter(
    (other) => catalog.get(flow.nodes[other]?.type ?? '')?.kind === 'trigger',
  );
  const live = useEvaluation(shown, {
    target: node?.config.target as Json | undefined,
    input: sample.input,
    bindings: sampleBindings(sample.input ?? null, { flow, session, triggers, at }),
  });
  const change = (next: Mapping) => {
    const { fields, expression, ...rest } = node?.config ?? {};
    const part = next.kind === 'fields' ? { fields: next.fields } : { expression: next.expression };
    editor.edit(
      changeNode(id, { config: { ...rest, ...part } }),
      next.kind === mapping.kind ? `mapping:${id}` : undefined,
    );
  };
  return (
    <section className={classes.mapper} aria-label={t('mapper.title')}>
      <header className={classes.header}>
        <Button variant="subtle" color="gray" leftSection={<IconArrowLeft size={16} />} onClick={close}>
          {t('mapper.close')}
        </Button>
        <h2 className={classes.title}>{titleOf(id, flow, catalog)}</h2>
      </header>
      <div className={classes.panes}>
        <InputPane sample={sample} names={Object.keys(samples)} />
        <MappingPane id={id} mapping={shown} change={change} live={live} turn={turn} turning={turning} />
        <ResultPane live={live} text={shown.kind === 'text' ? shown.expression : undefined} />
      </div>
    </section>
  );
}

interface MappingPaneProps extends Pick<TwoViews, 'turn' | 'turning'> {
  readonly id: string;
  readonly mapping: Mapping;
  readonly change: (mapping: Mapping) => void;
  readonly live: ReturnType<typeof useEvaluation>;
}

function MappingPane({ id, mapping, change, live, turn, turning }: MappingPaneProps) {
  const { t } = useTranslation();
  const help = useExpressionHelp(id, true);
  const { problems } = useEditing();
  const { flow } = useBundle();
  return (
    <div className={classes.pane}>
      <div className={classes.paneHead}>
        <h3>{t('mapper.title')}</h3>
        <RunsBadge texts={textsOf(mapping)} help={help} />
        <SegmentedControl
          size="xs"
          aria-label={t('mapper.view')}
          disabled={turning}
          value={mapping.kind}
          onChange={turn}
          data={[
            { value: 'fields', label: t('mapper.fields') },
            { value: 'text', label: t('mapper.text') },
          ]}
        />
      </div>
      <div className={classes.body}>
        {mapping.kind === 'text' ? (
          <CodeEditor
            fill
            lines
            language="jsonata"
            label={t('mapper.expression')}
            value={mapping.expression}
            onChange={(expression) => change({ kind: 'text', expression })}
            error={live.evaluation?.error}
            help={help}
            minHeight={200}
          />
        ) : (
          <LineTable
            fields={mapping.fields}
            problems={lineProblems(problems, id, flow)}
            result={live.evaluation?.error ? undefined : live.evaluation?.result}
            change={(fields) => change({ kind: 'fields', fields })}
          />
        )}
      </div>
    </div>
  );
}

interface Sample {
  readonly name: string | null;
  readonly choose: (name: string) => void;
  readonly text: string;
  readonly type: (text: string) => void;
  readonly edited: boolean;
  /** Nothing while the text is not JSON. */
  readonly input: Json | undefined;
  readonly wrong: string | undefined;
}

/** The input of the mapping: a sample of the flow, or what is typed over it. */
function useSample(samples: Readonly<Record<string, unknown>>): Sample {
  const [name, setName] = useState(Object.keys(samples)[0] ?? null);
  const [typed, setTyped] = useState<string>();
  const original = writeJson((name === null ? {} : samples[name]) as Json, 2);
  const text = typed ?? original;
  const read = readOrFail(text);
  const choose = (next: string) => {
    setName(next);
    setTyped(undefined);
  };
  return { name, choose, text, type: setTyped, edited: text !== original, ...read };
}

function readOrFail(text: string): Pick<Sample, 'input' | 'wrong'> {
  try {
    return { input: readJson(text), wrong: undefined };
  } catch (error) {
    return { input: undefined, wrong: (error as Error).message };
  }
}

function InputPane({ sample, names }: { readonly sample: Sample; readonly names: readonly string[] }) {
  const { t } = useTranslation();
  return (
    <div className={classes.pane}>
      <div className={classes.paneHead}>
        <h3>{t('mapper.input')}</h3>
        {sample.edited && sample.name !== null && (
          <button type="button" className={classes.reset} onClick={() => sample.choose(sample.name ?? '')}>
            {t('mapper.resetInput')}
          </button>
        )}
        {names.length > 0 && (
          <Select
            aria-label={t('mapper.sample')}
            data={[...names]}
            value={sample.name}
            onChange={(name) => name !== null && sample.choose(name)}
            className={classes.samplePicker ?? ''}
          />
        )}
      </div>
      <div className={classes.body}>
        {names.length === 0 && <p className={classes.note}>{t('mapper.noSamples')}</p>}
        {sample.wrong !== undefined && (
          <p className={classes.wrong} role="alert">
            {t('mapper.inputNotJson', { message: sample.wrong })}
          </p>
        )}
        <CodeEditor
          fill
          language="json"
          label={t('mapper.input')}
          value={sample.text}
          onChange={sample.type}
          minHeight={200}
        />
      </div>
    </div>
  );
}
