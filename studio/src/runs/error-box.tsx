import { useTranslation } from 'react-i18next';
import type { ErrorData } from '../api/types.ts';
import { JsonView } from '../code/json-view.tsx';
import classes from './run-page.module.css';

/** An error with everything that is known of it. */
export function ErrorBox({ error }: { readonly error: ErrorData }) {
  const { t } = useTranslation();
  return (
    <div className={classes.error} role="alert">
      <div className={classes.errorCode}>{error.code}</div>
      <div>{error.message}</div>
      {error.problems && error.problems.length > 0 && (
        <ul className={classes.problems}>
          {error.problems.map((problem) => (
            <li key={problem.pointer + problem.code}>
              <span className={`mono ${classes.pointer}`}>{problem.pointer || '/'}</span> {problem.message}
            </li>
          ))}
        </ul>
      )}
      {error.details !== undefined && error.details !== null && (
        <JsonView value={error.details} label={t('run.errorDetails')} />
      )}
    </div>
  );
}
