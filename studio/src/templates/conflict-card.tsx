import { Button } from '@mantine/core';
import { readJson, writeJson } from '@millrace/contract';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Json } from '../api/types.ts';
import { CodeEditor } from '../code/code-editor.tsx';
import type { Conflict, Decision } from './queries.ts';
import classes from './templates.module.css';

interface ConflictCardProps {
  readonly conflict: Conflict;
  /** With this decision the upgrade is made. */
  readonly isLast: boolean;
  readonly busy: boolean;
  readonly decide: (decision: Decision) => void;
}

const sides = ['base', 'mine', 'theirs'] as const;

/** A place that both have changed: what it was, what is here, what the template has, and which of them is to stand. */
export function ConflictCard({ conflict, isLast, busy, decide }: ConflictCardProps) {
  const { t } = useTranslation();
  const { kind, pointer, decision } = conflict;
  const [own, setOwn] = useState<string>();
  const place = pointer
    .replace(/^\/flow\/nodes\//, '')
    .split('/')
    .join(' › ');
  const wrong = own === undefined ? undefined : whyNotJson(own);
  return (
    <article className={classes.conflict} aria-label={place} data-decided={decision !== undefined}>
      <h3 className={classes.place}>
        {place}
        {kind === 'order' && <span className={classes.quiet}> · {t('upgrade.order')}</span>}
      </h3>
      <div className={classes.sides}>
        {sides.map((side) => (
          <div key={side} className={classes.side} data-taken={decision?.take === side}>
            <div className={classes.sideTitle}>{t(`upgrade.${side}`)}</div>
            <pre>{conflict[side] === undefined ? t('upgrade.nothing') : shown(conflict[side])}</pre>
            {side !== 'base' && (
              <Button
                variant={decision?.take === side ? 'filled' : 'default'}
                size="compact-xs"
                disabled={busy}
                aria-pressed={decision?.take === side}
                onClick={() => decide({ kind, pointer, take: side })}
              >
                {t(`upgrade.take.${side}`)}
              </Button>
            )}
          </div>
        ))}
      </div>
      {own === undefined ? (
        <Button
          variant="subtle"
          size="compact-xs"
          mt={8}
          ml={-12}
          disabled={busy}
          onClick={() => setOwn(writeJson(conflict.mine ?? conflict.theirs ?? null, 2))}
        >
          {t('upgrade.own')}
        </Button>
      ) : (
        <div className={classes.ownValue}>
          <CodeEditor
            language="json"
            label={t('upgrade.value')}
            value={own}
            onChange={setOwn}
            error={wrong === undefined ? undefined : { message: wrong }}
          />
          <Button
            variant="default"
            size="compact-xs"
            disabled={busy || wrong !== undefined}
            onClick={() => decide({ kind, pointer, take: 'value', value: readJson(own) })}
          >
            {t('upgrade.keepOwn')}
          </Button>
        </div>
      )}
      {isLast && <p className={classes.quiet}>{t('upgrade.last')}</p>}
    </article>
  );
}

function shown(value: Json): string {
  return typeof value === 'string' ? value : writeJson(value, 2);
}

function whyNotJson(text: string): string | undefined {
  try {
    readJson(text);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
