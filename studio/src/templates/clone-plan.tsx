import { Alert } from '@mantine/core';
import { isError } from '@millrace/contract';
import { IconCircleCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Problem } from '../api/types.ts';
import classes from './templates.module.css';

/** What is in the way of a clone. */
export function ClonePlan({
  problems,
  error,
}: {
  readonly problems: readonly Problem[] | undefined;
  readonly error: Error | null;
}) {
  const { t } = useTranslation();
  if (error)
    return (
      <Alert color="red" variant="light" mt={16} role="alert">
        {error.message}
      </Alert>
    );
  if (!problems) return <p className={classes.stepLead}>{t('clone.planning')}</p>;
  const errors = problems.filter(isError);
  const others = problems.filter((problem) => !isError(problem));
  return (
    <section aria-label={t('clone.plan')}>
      {errors.length > 0 && (
        <Alert color="red" variant="light" mt={16} title={t('clone.planProblems')}>
          <ProblemList problems={errors} />
        </Alert>
      )}
      {others.length > 0 && (
        <Alert color="yellow" variant="light" mt={16} title={t('clone.planWarnings')}>
          <ProblemList problems={others} />
        </Alert>
      )}
      {errors.length === 0 && (
        <p className={classes.ready} role="status">
          <IconCircleCheck size={16} aria-hidden /> {t('clone.planReady')}
        </p>
      )}
    </section>
  );
}

export function ProblemList({ problems }: { readonly problems: readonly Problem[] }) {
  return (
    <ul className={classes.problems}>
      {problems.map(({ pointer, message, hint }) => (
        <li key={pointer + message}>
          {message} {hint}
        </li>
      ))}
    </ul>
  );
}
