import { ActionIcon, Button } from '@mantine/core';
import { IconCheck, IconSparkles, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import classes from './board.module.css';
import { wayInWords } from './field-tree.ts';
import type { Suggestion } from './suggest.ts';
import type { Board } from './use-board.ts';

/** What is suggested for the target that is looked at, and why. */
export function SuggestedSource({ board, suggestion }: { readonly board: Board; readonly suggestion: Suggestion }) {
  const { t } = useTranslation();
  return (
    <span className={classes.suggestion}>
      <IconSparkles size={14} aria-hidden />
      <span>
        {wayInWords(suggestion.source)} · {t(`mapper.why.${suggestion.why}`)}
      </span>
      <Button
        size="compact-xs"
        variant="default"
        leftSection={<IconCheck size={13} />}
        onClick={() => board.accept([suggestion])}
      >
        {t('mapper.accept')}
      </Button>
      <ActionIcon size={24} aria-label={t('mapper.dismiss')} onClick={() => board.dismiss(suggestion)}>
        <IconX size={14} />
      </ActionIcon>
    </span>
  );
}
