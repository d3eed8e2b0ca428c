import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { writeJson } from '@millrace/contract';
import { IconCheck, IconPlugConnected, IconSparkles } from '@tabler/icons-react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AddTarget } from './add-target.tsx';
import classes from './board.module.css';
import { everyField, isList, type TreeField, wayInWords } from './field-tree.ts';
import { LineBar } from './line-bar.tsx';
import { sourceText } from './mapping.ts';
import { lineOf } from './target-lines.ts';
import { rowHeight, TreePane } from './tree-pane.tsx';
import { placesOf } from './tree-rows.ts';
import type { Board } from './use-board.ts';
import { useTreeView } from './use-tree-view.ts';
import { useWireDrag } from './use-wire-drag.ts';
import { type DrawnWire, WiresLayer } from './wires-layer.tsx';

const wiresWidth = 88;
/** The trees of a mapping with the wires between them; below, the line that is looked at. */
export function MappingBoard({
  board,
  node,
  sample,
}: {
  readonly board: Board;
  readonly node: string;
  readonly sample: Parameters<typeof LineBar>[0]['sample'];
}) {
  const { t } = useTranslation();
  const { sources, target, lines, wires, suggestions, armed, selected } = board;
  const [entry, ...others] = sources;
  const targets = useMemo(() => [target], [target]);
  const left = useTreeView(
    sources,
    others.map(({ key }) => key),
  );
  const right = useTreeView(targets, []);
  const [showsSuggestions, setShowsSuggestions] = useState(false);
  const [byKey, setByKey] = useState(false);
  const stage = useRef<HTMLDivElement>(null);
  const leftScroller = useRef<HTMLDivElement>(null);
  const rightScroller = useRef<HTMLDivElement>(null);
  const [scroll, setScroll] = useState({ left: 0, right: 0, height: 0 });
  const measure = useCallback(() => {
    setScroll({
      left: leftScroller.current?.scrollTop ?? 0,
      right: rightScroller.current?.scrollTop ?? 0,
      height: rightScroller.current?.clientHeight ?? 0,
    });
  }, []);
  useEffect(() => {
    if (!rightScroller.current) return;
    const observer = new ResizeObserver(measure);
    observer.observe(rightScroller.current);
    return () => observer.disconnect();
  }, [measure]);
  const bySource = useMemo(() => placesOf(sources, left.rows), [sources, left.rows]);
  const byTarget = useMemo(() => placesOf(targets, right.rows), [targets, right.rows]);
  const fieldsByKey = useMemo(
    () => new Map([...sources, target].flatMap(everyField).map((each) => [each.key, each])),
    [sources, target],
  );
  const sourceY = (key: string) => (bySource.get(key) ?? -100) * rowHeight + rowHeight / 2 - scroll.left;
  const targetY = (key: string) => (byTarget.get(key) ?? -100) * rowHeight + rowHeight / 2 - scroll.right;
  const lineByKey = useMemo(
    () =>
      new Map(
        everyField(target).flatMap((field) => {
          const line = lineOf(lines, field.names);
          return line ? [[field.key, line] as const] : [];
        }),
      ),
    [target, lines],
  );
  const targetKeys = useMemo(() => new Map([...lineByKey].map(([key, line]) => [line, key])), [lineByKey]);
  const suggested = useMemo(() => new Map(suggestions.map((each) => [each.target.key, each])), [suggestions]);
  const { drag, press } = useWireDrag(
    stage,
    rightScroller,
    (key) => sourceY(key),
    (source, key) => {
      const goal = fieldsByKey.get(key);
      if (goal) board.lead(source, goal);
    },
  );

  const drawn: DrawnWire[] = wires.map(({ line, source }) => {
    const key = targetKeys.get(line) ?? '';
    const goal = fieldsByKey.get(key);
    return {
      key: `${source.key} ${key}`,
      from: sourceY(source.key),
      to: targetY(key),
      look: board.problems.get(line.place.join('.'))?.severity ?? (line.line.each === undefined ? 'wire' : 'list'),
      selected: selected?.key === key || armed?.key === source.key,
      ...(goal && { choose: () => board.select(goal) }),
    };
  });
  const ghosts: DrawnWire[] = showsSuggestions
    ? suggestions.map(({ source, target: goal }) => ({
        key: `suggested ${goal.key}`,
        from: sourceY(source.key),
        to: targetY(goal.key),
        look: 'suggested',
        selected: selected?.key === goal.key,
        choose: () => board.select(goal),
      }))
    : [];
  const connected = useMemo(() => new Set(wires.map(({ source }) => source.key)), [wires]);

  const textOf = (field: TreeField) => {
    const line = lineByKey.get(field.key)?.line;
    if (!line) return undefined;
    if (line.each !== undefined) return t('mapper.eachOf', { list: sourceText(line.each) });
    if (line.from !== undefined) return sourceText(line.from);
    return writeJson(line.default ?? null);
  };
  const nameOfTarget = (field: TreeField) => {
    const text = textOf(field);
    const parts = [
      wayInWords(field) || field.label,
      typeInWords(field, t),
      field.required && t('mapper.isRequired'),
      text === undefined ? t('mapper.isUnmapped') : t('mapper.isMadeOf', { text }),
      board.problems.get(lineByKey.get(field.key)?.place.join('.') ?? '')?.message,
      showsSuggestions &&
        suggested.has(field.key) &&
        t('mapper.suggestedFrom', { source: wayInWords(suggested.get(field.key)?.source ?? field) }),
    ];
    return parts.filter(Boolean).join(', ');
  };
  const chooseTarget = (field: TreeField, key: boolean) => {
    if (field.names.length === 0 && !armed && !lineByKey.has(field.key)) return;
    setByKey(key);
    if (armed) board.lead(armed, field);
    else board.select(field);
  };
  return (
    <div className={classes.board}>
      <div className={classes.toolbar}>
        <span className={classes.counts}>{t('mapper.mapped', { count: lines.length })}</span>
        {board.open.length > 0 && (
          <span className={classes.open}>
            {t('mapper.openRequired', { count: board.open.length })}
            {board.open.slice(0, 3).map((field) => (
              <button type="button" key={field.key} onClick={() => board.select(field)}>
                {wayInWords(field)}
              </button>
            ))}
          </span>
        )}
        <span className={classes.spring} />
        <Button
          variant="default"
          className={classes.pressable ?? ''}
          leftSection={<IconSparkles size={15} />}
          aria-pressed={showsSuggestions}
          onClick={() => setShowsSuggestions(!showsSuggestions)}
        >
          {t('mapper.suggestions', { count: suggestions.length })}
        </Button>
        {showsSuggestions && suggestions.length > 0 && (
          <Button leftSection={<IconCheck size={15} />} onClick={() => board.accept(suggestions)}>
            {t('mapper.acceptAll')}
          </Button>
        )}
      </div>
      <div ref={stage} className={classes.stage} data-dragging={drag !== undefined} data-armed={armed !== undefined}>
        <TreePane
          side="source"
          label={t('mapper.sources')}
          searchLabel={t('mapper.searchSources')}
          view={left}
          scroller={leftScroller}
          scrolled={measure}
          current={armed?.key}
          choose={(field, key) => {
            setByKey(key);
            board.arm(armed?.key === field.key ? undefined : field);
          }}
          press={press}
          nameOf={(field) => [wayInWords(field) || field.label, typeInWords(field, t)].join(', ')}
          stateOf={(field) => (connected.has(field.key) ? 'connected' : 'free')}
        >
          {(field) => (
            <>
              <span className={classes.label}>{field.label}</span>
              <span className={classes.type}>{typeInWords(field, t)}</span>
              <span className={classes.value}>{sampleText(field)}</span>
              <span className={classes.dot} />
            </>
          )}
        </TreePane>
        <div className={classes.between}>
          <WiresLayer wires={[...ghosts, ...drawn]} width={wiresWidth} height={scroll.height} drag={drag} />
        </div>
        <TreePane
          side="target"
          label={t('mapper.targets')}
          searchLabel={t('mapper.searchTargets')}
          view={right}
          scroller={rightScroller}
          scrolled={measure}
          current={selected?.key}
          choose={chooseTarget}
          keys={(field, key) => {
            const suggestion = suggested.get(field.key);
            if (key !== 'a' || !showsSuggestions || !suggestion) return false;
            board.accept([suggestion]);
            return true;
          }}
          nameOf={nameOfTarget}
          stateOf={(field) => {
            const line = lineByKey.get(field.key);
            if (!line) return showsSuggestions && suggested.has(field.key) ? 'suggested' : 'free';
            return board.problems.get(line.place.join('.'))?.severity ?? 'connected';
          }}
          tools={<AddTarget board={board} node={node} />}
        >
          {(field) => {
            const suggestion = showsSuggestions ? suggested.get(field.key) : undefined;
            return (
              <>
                <span className={classes.dot} />
                <span className={classes.label}>{field.label}</span>
                {field.required && <span className={classes.star}>*</span>}
                <span className={classes.type}>{typeInWords(field, t)}</span>
                <span className={classes.value}>{textOf(field) ?? (suggestion && wayInWords(suggestion.source))}</span>
                {suggestion && (
                  <Tooltip label={t('mapper.accept')}>
                    <ActionIcon
                      size={22}
                      tabIndex={-1}
                      aria-hidden
                      onClick={(event) => {
                        event.stopPropagation();
                        board.accept([suggestion]);
                      }}
                    >
                      <IconCheck size={14} />
                    </ActionIcon>
                  </Tooltip>
                )}
              </>
            );
          }}
        </TreePane>
      </div>
      {entry && target.children.length === 0 && (
        <p className={classes.hint}>
          <IconPlugConnected size={15} aria-hidden /> {t('mapper.noTarget')}
        </p>
      )}
      <LineBar
        board={board}
        node={node}
        sample={sample}
        byKey={byKey}
        suggestion={selected && suggested.get(selected.key)}
        back={(side) => (side === 'source' ? leftScroller : rightScroller).current?.focus()}
      />
    </div>
  );
}

function typeInWords(field: TreeField, t: ReturnType<typeof useTranslation>['t']): string {
  if (isList(field)) return t('mapper.types.array');
  const [kind, ...others] = field.kinds.filter((each) => each !== 'null');
  return kind === undefined ? '' : others.length > 0 ? t('mapper.types.several') : t(`mapper.types.${kind}`);
}

const longestSample = 80;

function sampleText({ value, children }: TreeField): string {
  if (value === undefined || children.length > 0) return Array.isArray(value) ? `${value.length} ×` : '';
  return writeJson(value).slice(0, longestSample);
}
