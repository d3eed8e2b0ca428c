import { Button } from '@mantine/core';
import { IconArrowRight } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './board.module.css';
import { FieldPicker } from './field-picker.tsx';
import { type TreeField, wayInWords } from './field-tree.ts';
import type { LineBarProps } from './line-bar.tsx';

/** Asks where the chosen source goes. */
export function LeadTo({ board, source, byKey, back }: LineBarProps & { readonly source: TreeField }) {
  const { t } = useTranslation();
  const targets = useMemo(() => [board.target], [board.target]);
  const end = () => {
    board.arm(undefined);
    back('source');
  };
  return (
    <div className={classes.barRow}>
      <code className={classes.way}>{wayInWords(source) || source.label}</code>
      <IconArrowRight size={15} aria-hidden />
      <FieldPicker
        label={t('mapper.mapTo')}
        trees={targets}
        autoFocus={byKey}
        pick={(goal) => {
          board.lead(source, goal);
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
