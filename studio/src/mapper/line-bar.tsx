import { ActionIcon, Button, Checkbox, Select, TextInput, Tooltip } from '@mantine/core';
import { type Json, writeJson } from '@millrace/contract';
import { IconArrowRight, IconCheck, IconSparkles, IconTrash, IconX } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { CodeEditor } from '../code/code-editor.tsx';
import { RunsBadge } from '../flows/runs-badge.tsx';
import classes from './board.module.css';
import { combinations } from './connect.ts';
import { everyField, item, type TreeField, wayInWords } from './field-tree.ts';
import { lineHelp } from './line-help.ts';
import { literalOf, literalText } from './literal.ts';
import { type Line, sourceOf, sourceText, valueAt } from './mapping.ts';
import type { Suggestion } from './suggest.ts';
import { lineOf, listsAround } from './target-lines.ts';
import type { Board } from './use-board.ts';

/** Options that a picker shows at once; typing finds the others. */
const shownOptions = 60;

interface LineBarProps {
  readonly board: Board;
  readonly node: string;
  readonly sample: { readonly input: Json | undefined; readonly result: Json | undefined };
  /** What is looked at was chosen by a key, and what to do with it is chosen by keys too. */
  readonly byKey: boolean;
  readonly suggestion: Suggestion | undefined;
  /** Gives the focus back to a tree. */
  readonly back: (side: 'source' | 'target') => void;
}

/** What can be done with the source or target that is looked at. */
export function LineBar(props: LineBarProps) {
  const { t } = useTranslation();
  const { armed, meeting, selected, refused } = props.board;
  return (
    <section className={classes.bar} aria-label={t('mapper.lineLabel')}>
      {refused !== undefined && (
        <p className={classes.refused} role="alert">
          {refused}
        </p>
      )}
      {armed ? (
        <LeadTo {...props} source={armed} />
      ) : meeting ? (
        <Choices {...props} />
      ) : selected ? (
        <LineEditor key={selected.key} {...props} target={selected} />
      ) : (
        <p className={classes.hint}>{t('mapper.howTo')}</p>
      )}
    </section>
  );
}

function LeadTo({ board, source, byKey, back }: LineBarProps & { readonly source: TreeField }) {
  const { t } = useTranslation();
  const end = () => {
    board.arm(undefined);
    back('source');
  };
  return (
    <div className={classes.barRow}>
      <code className={classes.way}>{wayInWords(source) || source.label}</code>
      <IconArrowRight size={15} aria-hidden />
      <Select
        className={classes.picker ?? ''}
        aria-label={t('mapper.mapTo')}
        placeholder={t('mapper.mapTo')}
        searchable
        limit={shownOptions}
        autoFocus={byKey}
        data={optionsOf([board.target])}
        value={null}
        nothingFoundMessage={t('mapper.nothingFound')}
        onChange={(key) => {
          const goal = everyField(board.target).find((each) => each.key === key);
          if (goal) board.lead(source, goal);
          back('source');
        }}
        onKeyDown={(event) => event.key === 'Escape' && end()}
      />
      <span className={classes.note}>{t('mapper.orClick')}</span>
      <Button variant="subtle" color="gray" onClick={end}>
        {t('common.cancel')}
      </Button>
    </div>
  );
}

function Choices({ board: { meeting, lead, select }, back }: LineBarProps) {
  const { t } = useTranslation();
  if (!meeting) return null;
  const { source, target } = meeting;
  return (
    // biome-ignore lint/a11y/useSemanticElements: buttons of one question are no form
    <div className={classes.barRow} role="group" aria-label={t('mapper.combine')}>
      <span className={classes.question}>
        {t('mapper.combineWith', { source: wayInWords(source), target: wayInWords(target) })}
      </span>
      {combinations.map((combination, index) => (
        <Button
          key={combination}
          variant="default"
          autoFocus={index === 0}
          onClick={() => {
            lead(source, target, combination);
            back('target');
          }}
        >
          {t(`mapper.combinations.${combination}`)}
        </Button>
      ))}
      <Button variant="subtle" color="gray" onClick={() => select(target)}>
        {t('common.cancel')}
      </Button>
    </div>
  );
}

function LineEditor({ board, target, sample, byKey, suggestion, back }: LineBarProps & { readonly target: TreeField }) {
  const { t } = useTranslation();
  const { lines, environment } = board;
  const own = lineOf(lines, target.names);
  const line: Omit<Line, 'to'> = own?.line ?? {};
  const around = listsAround(target.names).map((list) => lineOf(lines, list)?.line.each);
  const isReachable = around.every((each) => each !== undefined);
  const lists = around.filter((each) => each !== undefined);
  const listsText = JSON.stringify(lists);
  // biome-ignore lint/correctness/useExhaustiveDependencies: lists that say the same are the same
  const help = useMemo(() => lineHelp(environment, lists, sample.input), [environment, listsText, sample.input]);
  const kind = line.each === undefined ? 'from' : 'each';
  const source = line[kind];
  const wrong = own && board.problems.get(own.place.join('.'));
  const value = valueAt(
    sample.result,
    target.names.map((name) => (name === item ? '0' : name)),
  );
  const set = (part: { readonly [Key in keyof Line]?: Line[Key] | undefined }) =>
    board.setLine(target, contentOf({ ...line, ...part }));
  return (
    <div className={classes.editor}>
      <div className={classes.barRow}>
        <code className={classes.way}>{wayInWords(target) || target.label}</code>
        {suggestion && (
          <span className={classes.suggestion}>
            <IconSparkles size={14} aria-hidden />
            <span>
              {wayInWords(suggestion.source)} · {t(`mapper.why.${suggestion.why}`)}
            </span>
            <Button
              size="compact-xs"
              variant="light"
              leftSection={<IconCheck size={13} />}
              onClick={() => board.accept([suggestion])}
            >
              {t('mapper.accept')}
            </Button>
            <ActionIcon size={24} aria-label={t('mapper.dismiss')} onClick={() => board.dismiss(suggestion)}>
              <IconX size={14} />
            </ActionIcon>
          </span>
        )}
        <span className={classes.spring} />
        <RunsBadge texts={typeof source === 'string' ? [source] : []} help={help} />
        <Select
          className={classes.picker ?? ''}
          aria-label={t('mapper.mapFrom')}
          placeholder={t('mapper.mapFrom')}
          searchable
          limit={shownOptions}
          autoFocus={byKey && !own}
          data={optionsOf(board.sources)}
          value={null}
          nothingFoundMessage={t('mapper.nothingFound')}
          onChange={(key) => {
            const chosen = board.sources.flatMap(everyField).find((each) => each.key === key);
            if (chosen) board.lead(chosen, target);
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
          <Checkbox
            size="xs"
            label={t('mapper.required')}
            checked={line.required ?? false}
            onChange={(event) => set({ required: event.currentTarget.checked || undefined })}
          />
        )}
        {own && (
          <Tooltip label={t('mapper.removeLine', { to: wayInWords(target) })}>
            <ActionIcon
              aria-label={t('mapper.removeLine', { to: wayInWords(target) })}
              onClick={() => {
                board.setLine(target, undefined);
                back('target');
              }}
            >
              <IconTrash size={15} />
            </ActionIcon>
          </Tooltip>
        )}
      </div>
      {isReachable ? (
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
          {t('mapper.refused.noList', {
            place: wayInWords({ root: '', names: listsAround(target.names).at(-1) ?? [] }),
          })}
        </p>
      )}
      <div className={classes.told}>
        {wrong && (
          <span className={classes.wrongText} data-severity={wrong.severity}>
            {wrong.message}
          </span>
        )}
        {value !== undefined && <output className={classes.now}>{writeJson(value).slice(0, 200)}</output>}
      </div>
    </div>
  );
}

/** Without a source, a list or a value nothing is left of a line. */
function contentOf(line: { readonly [Key in keyof Line]?: Line[Key] | undefined }): Omit<Line, 'to'> | undefined {
  const { to: _, ...content } = Object.fromEntries(Object.entries(line).filter(([, value]) => value !== undefined));
  const says = 'from' in content || 'each' in content || 'default' in content;
  return says ? content : undefined;
}

function optionsOf(trees: readonly TreeField[]) {
  return trees
    .flatMap(everyField)
    .filter((each) => each.names.length > 0)
    .map((each) => ({ value: each.key, label: wayInWords(each) }));
}
