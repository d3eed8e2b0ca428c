import { IconCheck, IconMinus, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { When } from '../app/when.tsx';
import classes from './connections.module.css';
import type { Connection } from './queries.ts';

/** Whether a connection works, as its last test or use has shown. */
export function HealthBadge({ health }: Pick<Connection, 'health'>) {
  const { t } = useTranslation();
  if (!health)
    return (
      <span className={classes.health}>
        <IconMinus size={13} aria-hidden /> {t('connections.untried')}
      </span>
    );
  const Icon = health.ok ? IconCheck : IconX;
  return (
    <span className={classes.health} data-ok={health.ok}>
      <Icon size={13} stroke={2.2} aria-hidden /> {t(health.ok ? 'connections.well' : 'connections.ill')}{' '}
      <span className={classes.since}>
        {t('connections.since')} <When at={health.since} />
      </span>
    </span>
  );
}
