import { Tooltip } from '@mantine/core';
import { IconAlertTriangle, IconPlayerPlay, IconRoute, type TablerIcon } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useLiveUpdates } from '../api/live.ts';
import { alertsQuery } from '../api/queries.ts';
import type { Session } from '../api/types.ts';
import { AccountMenu } from './account-menu.tsx';
import { Mark } from './mark.tsx';
import classes from './shell.module.css';

/** Sidebar and page. */
export function Shell({ session }: { readonly session: Session }) {
  const { t } = useTranslation();
  const live = useLiveUpdates();
  const onCanvas = useRouterState({ select: ({ location }) => /^\/(flows|runs)\/./.test(location.pathname) });
  const alerts = useQuery(alertsQuery).data?.length ?? 0;
  return (
    <div className={classes.shell} data-canvas={onCanvas}>
      <a href="#content" className={classes.skip}>
        {t('app.skip')}
      </a>
      <aside className={classes.sidebar}>
        <Link to="/flows" className={classes.brand} aria-label={t('app.name')}>
          <Mark size={26} />
          <span className={classes.brandName}>{t('app.name')}</span>
        </Link>
        <Tenant session={session} />
        <nav aria-label={t('nav.label')} className={classes.nav}>
          <NavItem to="/flows" icon={IconRoute} label={t('nav.flows')} />
          <NavItem to="/runs" icon={IconPlayerPlay} label={t('nav.runs')} />
          <NavItem to="/alerts" icon={IconAlertTriangle} label={t('nav.alerts')} count={alerts} />
        </nav>
        <div className={classes.foot}>
          <LiveSign live={live} />
          <AccountMenu session={session} />
        </div>
      </aside>
      <main id="content" className={classes.content} tabIndex={-1}>
        <Outlet />
      </main>
    </div>
  );
}

function Tenant({ session }: { readonly session: Session }) {
  const { t } = useTranslation();
  return (
    <div className={classes.tenant} title={session.tenant.name}>
      <span className={classes.initial} aria-hidden>
        {session.tenant.name.slice(0, 1).toUpperCase()}
      </span>
      <div className={classes.tenantText}>
        <div className={classes.tenantName}>{session.tenant.name}</div>
        <div className={classes.environment}>
          <span className="visually-hidden">{t('nav.environment')}: </span>
          <span className={classes.environmentDot} data-environment={session.environment} aria-hidden />
          {session.environment}
        </div>
      </div>
    </div>
  );
}

interface NavItemProps {
  readonly to: '/flows' | '/runs' | '/alerts';
  readonly icon: TablerIcon;
  readonly label: string;
  readonly count?: number;
}

function NavItem({ to, icon: Icon, label, count = 0 }: NavItemProps) {
  const { t } = useTranslation();
  return (
    <Link to={to} className={classes.item} activeProps={{ 'data-active': true }} title={label}>
      <Icon size={18} stroke={1.8} aria-hidden />
      <span className={classes.itemLabel}>{label}</span>
      {count > 0 && (
        <span className={classes.count}>
          <span aria-hidden>{count}</span>
          <span className="visually-hidden">{t('nav.alertCount', { count })}</span>
        </span>
      )}
    </Link>
  );
}

function LiveSign({ live }: { readonly live: boolean }) {
  const { t } = useTranslation();
  return (
    <Tooltip label={t(live ? 'nav.liveHint' : 'nav.awayHint')} position="right">
      <div className={classes.live} data-live={live} role="status">
        <span className={classes.liveDot} aria-hidden />
        <span className={classes.itemLabel}>{t(live ? 'nav.live' : 'nav.away')}</span>
      </div>
    </Tooltip>
  );
}
