import type { Json } from '@millrace/contract';
import { useTranslation } from 'react-i18next';
import { CodeEditor } from '../code/code-editor.tsx';
import { useBundle, useEditing } from '../flows/editing.ts';
import { RunsBadge } from '../flows/runs-badge.tsx';
import { useExpressionHelp } from '../flows/use-expression-help.ts';
import { MappingBoard } from './board.tsx';
import { lineProblems } from './line-problems.ts';
import { LineTable } from './line-table.tsx';
import { useLive } from './live-result.tsx';
import classes from './mapper.module.css';
import { type Line, type Mapping, textsOf, type View } from './mapping.ts';
import { useBoard } from './use-board.ts';

interface MappingPaneProps {
  readonly id: string;
  readonly view: View;
  readonly mapping: Mapping;
  /** @param gesture a name for changes that are undone in one step */
  readonly change: (mapping: Mapping, gesture?: string) => void;
  /** JSON Schema of the result. */
  readonly schema: Json | undefined;
  readonly input: Json | undefined;
  readonly bindings: Readonly<Record<string, Json>>;
}

/** The mapping itself, as it is looked at. */
export function MappingPane({ id, view, mapping, change, ...surroundings }: MappingPaneProps) {
  const changeFields = (fields: readonly Line[], gesture?: string) => change({ kind: 'fields', fields }, gesture);
  if (mapping.kind === 'fields' && view !== 'fields')
    return <LinesPane id={id} fields={mapping.fields} change={changeFields} {...surroundings} />;
  return <WrittenPane id={id} mapping={mapping} change={change} />;
}

/** As text, or as a table of lines. */
function WrittenPane({ id, mapping, change }: Pick<MappingPaneProps, 'id' | 'mapping' | 'change'>) {
  const { t } = useTranslation();
  const help = useExpressionHelp(id, true);
  const { problems } = useEditing();
  const { flow } = useBundle();
  const { evaluation } = useLive();
  return (
    <div className={classes.pane}>
      <div className={classes.paneHead}>
        <h3>{t('mapper.title')}</h3>
        <RunsBadge texts={textsOf(mapping)} help={help} />
      </div>
      <div className={classes.body}>
        {mapping.kind === 'text' ? (
          <CodeEditor
            fill
            lines
            language="jsonata"
            label={t('mapper.expression')}
            value={mapping.expression}
            onChange={(expression) => change({ kind: 'text', expression }, `mapping:${id}`)}
            error={evaluation?.error}
            help={help}
            minHeight={200}
          />
        ) : (
          <LineTable
            fields={mapping.fields}
            problems={lineProblems(problems, id, flow)}
            change={(fields) => change({ kind: 'fields', fields }, `mapping:${id}`)}
          />
        )}
      </div>
    </div>
  );
}

interface LinesPaneProps extends Pick<MappingPaneProps, 'id' | 'schema' | 'input' | 'bindings'> {
  readonly fields: readonly Line[];
  readonly change: (fields: readonly Line[], gesture?: string) => void;
}

function LinesPane({ id, fields, change, schema, input, bindings }: LinesPaneProps) {
  const board = useBoard({ node: id, fields, change, schema, input, bindings });
  return (
    <div className={classes.pane}>
      <MappingBoard board={board} node={id} input={input} />
    </div>
  );
}
