import { writeJson } from '@millrace/contract';
import { IconCheck, IconLoader2 } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { CodeEditor } from '../code/code-editor.tsx';
import { useLive } from './live-result.tsx';
import classes from './mapper.module.css';
import { placeInText } from './mapping.ts';

interface ResultPaneProps {
  /** The expression, where the mapping is a text: an error is told by line and column. */
  readonly text: string | undefined;
}

export function ResultPane({ text }: ResultPaneProps) {
  const { t } = useTranslation();
  const { evaluation, pending, failure } = useLive();
  const error = evaluation?.error ?? (failure ? { message: failure.message } : undefined);
  const at =
    evaluation?.error?.position !== undefined && text !== undefined
      ? placeInText(text, evaluation.error.position)
      : undefined;
  const result = evaluation && !evaluation.error ? evaluation.result : undefined;
  return (
    <div className={classes.pane}>
      <div className={classes.paneHead}>
        <h3>{t('mapper.result')}</h3>
        <span className={classes.state} role="status">
          {pending ? (
            <>
              <IconLoader2 size={14} className={classes.turning} aria-hidden /> {t('mapper.evaluating')}
            </>
          ) : (
            !error && (
              <>
                <IconCheck size={14} aria-hidden /> {t('mapper.current')}
              </>
            )
          )}
        </span>
      </div>
      <div className={classes.body}>
        {error && (
          <div className={classes.wrong} role="alert">
            {error.message}
            {at && <div className={classes.wrongPlace}>{t('mapper.line', at)}</div>}
          </div>
        )}
        {!error && evaluation && result === undefined && <p className={classes.note}>{t('mapper.noResult')}</p>}
        {result !== undefined && (
          <CodeEditor fill language="json" label={t('mapper.result')} value={writeJson(result, 2)} />
        )}
      </div>
    </div>
  );
}
