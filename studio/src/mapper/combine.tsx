import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import classes from './board.module.css';
import { combinations } from './connect.ts';
import { wayInWords } from './field-tree.ts';
import type { LineBarProps } from './line-bar.tsx';
import type { Meeting } from './use-board.ts';

/** Asks what becomes of a target that has a source already. */
export function Combine({ board, meeting, back }: LineBarProps & { readonly meeting: Meeting }) {
  const { t } = useTranslation();
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
            board.lead(source, target, combination);
            back('target');
          }}
        >
          {t(`mapper.combinations.${combination}`)}
        </Button>
      ))}
      <Button variant="subtle" color="gray" onClick={() => board.select(target.key)}>
        {t('common.cancel')}
      </Button>
    </div>
  );
}
