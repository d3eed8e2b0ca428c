import { Button } from '@mantine/core';
import { IconCheck, IconSparkles } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import classes from './board.module.css';
import { wayInWords } from './field-tree.ts';
import type { Board } from './use-board.ts';

/** Unmapped fields that are told by name; the others are counted. */
const namedFields = 3;

interface BoardToolbarProps {
  readonly board: Board;
  /** Suggestions are shown in the trees. */
  readonly isOffering: boolean;
  readonly setOffering: (isOffering: boolean) => void;
}

/** How far a mapping has come, and what could be done next. */
export function BoardToolbar({ board, isOffering, setOffering }: BoardToolbarProps) {
  const { t } = useTranslation();
  const { lines, open, suggestions } = board;
  return (
    <div className={classes.toolbar}>
      <span className={classes.counts}>{t('mapper.mapped', { count: lines.length })}</span>
      {open.length > 0 && (
        <span className={classes.open}>
          {t('mapper.openRequired', { count: open.length })}
          {open.slice(0, namedFields).map((field) => (
            <button type="button" key={field.key} title={wayInWords(field)} onClick={() => board.select(field.key)}>
              {wayInWords(field)}
            </button>
          ))}
          {open.length > namedFields && t('mapper.andMore', { count: open.length - namedFields })}
        </span>
      )}
      <span className={classes.spring} />
      <Button
        variant="default"
        className={classes.pressable ?? ''}
        leftSection={<IconSparkles size={15} />}
        aria-pressed={isOffering}
        onClick={() => setOffering(!isOffering)}
      >
        {t('mapper.suggestions', { count: suggestions.length })}
      </Button>
      {isOffering && suggestions.length > 0 && (
        <Button leftSection={<IconCheck size={15} />} onClick={() => board.accept(suggestions)}>
          {t('mapper.acceptAll')}
        </Button>
      )}
    </div>
  );
}
