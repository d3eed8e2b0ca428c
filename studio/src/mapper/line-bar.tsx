import type { Json } from '@millrace/contract';
import { useTranslation } from 'react-i18next';
import classes from './board.module.css';
import { Combine } from './combine.tsx';
import { LeadTo } from './lead-to.tsx';
import { LineEditor } from './line-editor.tsx';
import type { Suggestion } from './suggest.ts';
import type { Board } from './use-board.ts';

export interface LineBarProps {
  readonly board: Board;
  readonly node: string;
  /** What the mapping is tried on. */
  readonly input: Json | undefined;
  /** What is looked at was chosen by a key, and what to do with it is chosen by keys too. */
  readonly byKey: boolean;
  readonly suggestion: Suggestion | undefined;
  /** Gives the focus back to a tree. */
  readonly back: (side: 'source' | 'target') => void;
}

/** What can be done with the source or target that is looked at. */
export function LineBar(props: LineBarProps) {
  const { t } = useTranslation();
  const { refused } = props.board;
  return (
    <section className={classes.bar} aria-label={t('mapper.lineLabel')}>
      {refused !== undefined && (
        <p className={classes.refused} role="alert">
          {refused}
        </p>
      )}
      <Question {...props} />
    </section>
  );
}

function Question(props: LineBarProps) {
  const { t } = useTranslation();
  const { armed, meeting, selected } = props.board;
  if (armed) return <LeadTo {...props} source={armed} />;
  if (meeting) return <Combine {...props} meeting={meeting} />;
  if (selected) return <LineEditor key={selected.key} {...props} target={selected} />;
  return <p className={classes.hint}>{t('mapper.howTo')}</p>;
}
