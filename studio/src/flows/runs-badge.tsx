import { Badge, Tooltip } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { expressionsQuery } from '../api/queries.ts';
import { useBundle } from './editing.ts';
import type { ExpressionHelp } from './expression-help.ts';

interface RunsBadgeProps {
  /** Expressions as they are being edited. */
  readonly texts: readonly string[];
  readonly help: ExpressionHelp | undefined;
}

/** Says so where expressions are not evaluated in the process of the engine, and why not. */
export function RunsBadge({ texts, help }: RunsBadgeProps) {
  const { t } = useTranslation();
  const listed = useQuery(expressionsQuery(useBundle().flow.id)).data ?? [];
  const found = texts.flatMap((text) => {
    const told = help?.whereItRuns(text);
    // What an expression has needed so far only the server knows.
    const learned = listed.find((each) => each.text === text && each.runs === 'guarded');
    const { runs, why } = told && told.runs !== 'engine' ? told : (learned ?? { runs: 'engine', why: [] });
    return runs === 'engine' || why.length === 0 ? [] : [{ runs, reasons: why.map(({ message }) => message) }];
  });
  if (found.length === 0) return null;
  const isRefused = found.some(({ runs }) => runs === 'refused');
  const reasons = [...new Set(found.flatMap((each) => each.reasons))];
  const consequence = t(isRefused ? 'expression.refusedHint' : 'expression.guardedHint');
  return (
    <Tooltip
      label={`${reasons.join(' ')} ${consequence}`}
      multiline
      maw={320}
      events={{ hover: true, focus: true, touch: true }}
    >
      <Badge
        size="sm"
        variant="light"
        color={isRefused ? 'red' : 'yellow'}
        tabIndex={0}
        aria-label={`${t(isRefused ? 'expression.refused' : 'expression.guarded')}: ${reasons.join(' ')} ${consequence}`}
      >
        {t(isRefused ? 'expression.refused' : 'expression.guarded')}
      </Badge>
    </Tooltip>
  );
}
