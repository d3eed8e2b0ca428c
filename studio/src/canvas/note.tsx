import type { NodeProps } from '@xyflow/react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { MarkedText } from '../app/marked-text.tsx';
import type { Note } from './drawing.ts';
import classes from './note.module.css';

/** A remark on the canvas. */
export const NoteView = memo(function NoteView({ data, selected }: NodeProps<Note>) {
  const { t } = useTranslation();
  const { title, text, problems } = data;
  return (
    <div className={classes.note} data-selected={selected} data-wrong={problems.length > 0}>
      {title !== '' && <div className={classes.title}>{title}</div>}
      {text === '' ? (
        <p className={classes.empty}>{t('flow.emptyNote')}</p>
      ) : (
        text.split(/\n{2,}/).map((paragraph) => (
          <p key={paragraph}>
            <MarkedText text={paragraph} />
          </p>
        ))
      )}
    </div>
  );
});
