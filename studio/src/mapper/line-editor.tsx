import { ActionIcon, Checkbox, TextInput, Tooltip } from '@mantine/core';
import { writeJson } from '@millrace/contract';
import { IconTrash } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { CodeEditor } from '../code/code-editor.tsx';
import { RunsBadge } from '../flows/runs-badge.tsx';
import classes from './board.module.css';
import { FieldPicker } from './field-picker.tsx';
import { item, type TreeField, wayInWords } from './field-tree.ts';
import type { LineBarProps } from './line-bar.tsx';
import { lineHelp } from './line-help.ts';
import { literalOf, literalText } from './literal.ts';
import { useResult } from './live-result.tsx';
import { type Line, sourceOf, sourceText, valueAt } from './mapping.ts';
import { SuggestedSource } from './suggested-source.tsx';
import { lineOf, listsAround } from './target-lines.ts';

const longestValue = 200;

/** Parts of a line; one that is undefined is taken away. */
type LineParts = { readonly [Key in keyof Line]?: Line[Key] | undefined };

/** The line of one target: its expression, its value on the sample, its default, and whether it is required. */
export function LineEditor(props: LineBarProps & { readonly target: TreeField }) {
  const { t } = useTranslation();
  const { board, target, input, byKey, suggestion, back } = props;
  const { lines, environment } = board;
  const own = board.lineAt(target);
  const line: LineParts = own?.line ?? {};
  const outer = listsAround(target.names);
  const lists = outer.flatMap((list) => lineOf(lines, list)?.line.each ?? []);
  const listsText = JSON.stringify(lists);
  // biome-ignore lint/correctness/useExhaustiveDependencies: lists that say the same are the same
  const help = useMemo(() => lineHelp(environment, lists, input), [environment, listsText, input]);
  const kind = line.each === undefined ? 'from' : 'each';
  const source = line[kind];
  const problem = board.problemOf(own);
  const way = wayInWords(target) || target.label;
  const set = (parts: LineParts) => board.setLine(target, contentOf({ ...line, ...parts }));
  return (
    <div className={classes.editor}>
      <div className={classes.barRow}>
        <code className={classes.way}>{way}</code>
        {suggestion && <SuggestedSource board={board} suggestion={suggestion} />}
        <span className={classes.spring} />
        <RunsBadge texts={typeof source === 'string' ? [source] : []} help={help} />
        <FieldPicker
          label={t('mapper.mapFrom')}
          trees={board.sources}
          autoFocus={byKey && !own}
          pick={(chosen) => {
            board.lead(chosen, target);
            back('target');
          }}
        />
        {own && kind === 'from' && (
          <TextInput
            className={classes.default ?? ''}
            aria-label={t('mapper.default')}
            placeholder={t('mapper.default')}
            value={literalText(line.default)}
            onChange={(event) => set({ default: literalOf(event.currentTarget.value) })}
          />
        )}
        {own && (
          <>
            <Checkbox
              size="xs"
              label={t('mapper.required')}
              checked={line.required ?? false}
              onChange={(event) => set({ required: event.currentTarget.checked || undefined })}
            />
            <Tooltip label={t('mapper.removeLine', { to: way })}>
              <ActionIcon
                aria-label={t('mapper.removeLine', { to: way })}
                onClick={() => {
                  board.setLine(target, undefined);
                  back('target');
                }}
              >
                <IconTrash size={15} />
              </ActionIcon>
            </Tooltip>
          </>
        )}
      </div>
      {lists.length === outer.length ? (
        <CodeEditor
          language="jsonata"
          label={t(kind === 'each' ? 'mapper.each' : 'mapper.from')}
          hint={t('mapper.expressionHint')}
          value={sourceText(source)}
          onChange={(text) => set({ [kind]: sourceOf(text) ?? (kind === 'each' ? '' : undefined) })}
          help={typeof source === 'object' ? undefined : help}
          minHeight={58}
        />
      ) : (
        <p className={classes.note}>
          {t('mapper.refused.noList', { place: wayInWords({ root: '', names: outer.at(-1) ?? [] }) })}
        </p>
      )}
      <div className={classes.told}>
        {problem && (
          <span className={classes.wrongText} data-severity={problem.severity}>
            {problem.message}
          </span>
        )}
        <MadeNow target={target} />
      </div>
    </div>
  );
}

/** What the line makes of the sample, in a list of its first item. */
function MadeNow({ target }: { readonly target: TreeField }) {
  const value = valueAt(
    useResult(),
    target.names.map((name) => (name === item ? '0' : name)),
  );
  return value !== undefined && <output className={classes.now}>{writeJson(value).slice(0, longestValue)}</output>;
}

/** Without a source, a list or a value nothing is left of a line. */
function contentOf(line: LineParts): Omit<Line, 'to'> | undefined {
  const { to: _, ...content } = Object.fromEntries(Object.entries(line).filter(([, value]) => value !== undefined));
  const says = 'from' in content || 'each' in content || 'default' in content;
  return says ? content : undefined;
}
