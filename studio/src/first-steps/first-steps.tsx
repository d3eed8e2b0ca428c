import { ActionIcon } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { IconCircle, IconCircleCheck, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { flowsQuery, sessionQuery } from '../api/queries.ts';
import { useEnvironment } from '../app/environment.ts';
import { connectionListQuery } from '../connections/queries.ts';
import classes from './first-steps.module.css';
import { hasRunQuery } from './queries.ts';
import { type StepName, stepNames, stepsDone } from './steps.ts';

const places = { connection: '/connections', flow: '/templates', deploy: '/flows', run: '/flows' } as const;

/** The way to a tenant's first run, until it has come there or nobody wants to see it any more. */
export function FirstSteps() {
  const tenant = useQuery(sessionQuery).data?.tenant.slug ?? '';
  const [hidden, setHidden] = useLocalStorage({ key: `millrace-first-steps-${tenant}`, defaultValue: false });
  return hidden ? null : <Checklist hide={() => setHidden(true)} />;
}

function Checklist({ hide }: { readonly hide: () => void }) {
  const { t } = useTranslation();
  const environment = useEnvironment();
  const connections = useQuery(connectionListQuery(environment)).data;
  const flows = useQuery(flowsQuery(environment)).data;
  const hasRun = useQuery(hasRunQuery).data;
  if (!connections || !flows || hasRun === undefined) return null;
  const done = stepsDone({ connections: connections.connections.length, flows, hasRun });
  if (done.has('run')) return null;
  return (
    <section className={classes.card} aria-labelledby="first-steps">
      <div className={classes.head}>
        <h2 id="first-steps" className={classes.title}>
          {t('firstSteps.title')}
        </h2>
        <p className={classes.lead}>{t('firstSteps.lead')}</p>
        <ActionIcon aria-label={t('firstSteps.dismiss')} onClick={hide} className={classes.hide ?? ''}>
          <IconX size={16} />
        </ActionIcon>
      </div>
      <ol className={classes.steps}>
        {stepNames.map((name) => (
          <Step key={name} name={name} done={done.has(name)} />
        ))}
      </ol>
    </section>
  );
}

function Step({ name, done }: { readonly name: StepName; readonly done: boolean }) {
  const { t } = useTranslation();
  const Icon = done ? IconCircleCheck : IconCircle;
  return (
    <li className={classes.step} data-done={done}>
      <Icon size={18} stroke={1.8} aria-hidden />
      <div>
        <Link to={places[name]} className={classes.name}>
          {t(`firstSteps.${name}`)}
        </Link>{' '}
        {done && <span className="visually-hidden">{t('firstSteps.done')}</span>}
        <p className={classes.text}>{t(`firstSteps.${name}Text`)}</p>
      </div>
    </li>
  );
}
