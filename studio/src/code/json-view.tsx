import { ActionIcon, Tooltip } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { ExactNumber, isObject, type Json, writeJson } from '@millrace/contract';
import { IconCheck, IconChevronRight, IconCopy } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './json-view.module.css';

/** Levels that are open at first, and entries shown of a long list. */
const openLevels = 3;
const shownEntries = 100;

/** JSON as a tree that opens and closes, to read and to copy. */
export function JsonView({ value, label }: { readonly value: Json; readonly label: string }) {
  const { t } = useTranslation();
  const { copied, copy } = useClipboard({ timeout: 1_000 });
  return (
    // biome-ignore lint/a11y/useSemanticElements: a set of fields would be a form
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <div role="group" className={classes.view} aria-label={label} tabIndex={0}>
      <Tooltip label={t(copied ? 'common.copied' : 'json.copyAll')}>
        <ActionIcon
          className={classes.copy}
          size={26}
          aria-label={t('json.copyAll')}
          onClick={() => copy(writeJson(value, 2))}
        >
          {copied ? <IconCheck size={15} /> : <IconCopy size={15} />}
        </ActionIcon>
      </Tooltip>
      <JsonNode value={value} level={0} last />
    </div>
  );
}

interface JsonNodeProps {
  readonly value: Json;
  readonly name?: string;
  readonly level: number;
  readonly last: boolean;
}

function JsonNode({ value, name, level, last }: JsonNodeProps) {
  const { t } = useTranslation();
  const list = Array.isArray(value);
  const entries: readonly (readonly [string, Json])[] = list
    ? (value as readonly Json[]).map((item, index) => [String(index), item])
    : isObject(value)
      ? Object.entries(value)
      : [];
  const [open, setOpen] = useState(level < openLevels);
  const [limit, setLimit] = useState(shownEntries);
  const [before, after] = list ? ['[', ']'] : ['{', '}'];
  const key = name !== undefined && <span className={classes.key}>{name}: </span>;

  if (!list && !isObject(value)) {
    return (
      <div className={classes.line}>
        {key}
        <Scalar value={value} />
        {!last && ','}
      </div>
    );
  }
  if (entries.length === 0) {
    return (
      <div className={classes.line}>
        {key}
        {before}
        {after}
        {!last && ','}
      </div>
    );
  }
  return (
    <div>
      <button type="button" className={classes.toggle} aria-expanded={open} onClick={() => setOpen(!open)}>
        <IconChevronRight size={12} className={classes.chevron} data-open={open} aria-hidden />
        {key}
        {before}
        {!open && (
          <span className={classes.summary}>
            {' '}
            {t(list ? 'common.items' : 'common.fields', { count: entries.length })} {after}
            {!last && ','}
          </span>
        )}
      </button>
      {open && (
        <>
          <div className={classes.children}>
            {entries.slice(0, limit).map(([entry, inner], index) => (
              <JsonNode
                key={entry}
                value={inner}
                {...(!list && { name: entry })}
                level={level + 1}
                last={index === entries.length - 1}
              />
            ))}
            {entries.length > limit && (
              <button type="button" className={classes.more} onClick={() => setLimit(limit + 10 * shownEntries)}>
                {t('json.more', { count: entries.length - limit })}
              </button>
            )}
          </div>
          <div className={classes.line}>
            {after}
            {!last && ','}
          </div>
        </>
      )}
    </div>
  );
}

function Scalar({ value }: { readonly value: Json }) {
  if (typeof value === 'string') return <span className={classes.string}>{JSON.stringify(value)}</span>;
  if (typeof value === 'number' || value instanceof ExactNumber)
    return <span className={classes.number}>{String(value)}</span>;
  return <span className={classes.word}>{String(value)}</span>;
}
