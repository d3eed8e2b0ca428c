import { Tooltip } from '@mantine/core';
import { IconPointFilled, IconRoute } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { FlowSummary } from '../api/types.ts';
import { shortVersion } from '../app/version.ts';
import { When } from '../app/when.tsx';
import classes from './flows-page.module.css';

export function FlowRow({ flow }: { readonly flow: FlowSummary }) {
  const { t } = useTranslation();
  return (
    <li className={classes.row}>
      <span className={classes.icon}>
        <IconRoute size={19} stroke={1.8} aria-hidden />
      </span>
      <div className={classes.main}>
        <Link to="/flows/$flowId" params={{ flowId: flow.id }} className={classes.name}>
          {flow.name}
        </Link>
        {flow.description && <p className={classes.description}>{flow.description}</p>}
        <div className={classes.facts}>
          <DeployedState flow={flow} />
          <span>
            {t('flows.edited')} <When at={flow.updatedAt} />
          </span>
        </div>
      </div>
      <RecentRuns flow={flow} />
    </li>
  );
}

function DeployedState({ flow: { deployed, changedSinceDeploy } }: { readonly flow: FlowSummary }) {
  const { t } = useTranslation();
  if (!deployed) return <span>{t('flows.notDeployed')}</span>;
  const { environment } = deployed;
  const version = shortVersion(deployed.version);
  return (
    <>
      <Tooltip label={t('flows.deployedIn', { version, environment })}>
        <span className={classes.live}>
          <IconPointFilled size={14} aria-hidden /> {t('flows.deployed', { version })}
        </span>
      </Tooltip>
      {changedSinceDeploy && (
        <Tooltip label={t('flows.changedHint', { version })}>
          <span className={classes.changed}>{t('flows.changed')}</span>
        </Tooltip>
      )}
    </>
  );
}

function RecentRuns({ flow: { id, runs24h } }: { readonly flow: FlowSummary }) {
  const { t } = useTranslation();
  const { succeeded, failed, open } = runs24h;
  const parts = (['succeeded', 'failed', 'open'] as const).filter((part) => runs24h[part] > 0);
  return (
    <Link to="/runs" search={{ flow: id }} className={classes.runs}>
      <span className={classes.runsTitle}>{t('flows.runs24h')}</span>
      {succeeded + failed + open === 0 ? (
        <span className={classes.noRuns}>{t('flows.noRuns24h')}</span>
      ) : (
        <>
          <span className={classes.bar} aria-hidden>
            {parts.map((part) => (
              <span key={part} data-part={part} style={{ flexGrow: runs24h[part] }} />
            ))}
          </span>
          <span className={classes.counts}>
            {parts.map((part) => (
              <span key={part} data-part={part}>
                {t(`flows.${part}`, { count: runs24h[part] })}
              </span>
            ))}
          </span>
        </>
      )}
    </Link>
  );
}
