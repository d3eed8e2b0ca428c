import { Menu, Tooltip, UnstyledButton } from '@mantine/core';
import { IconCheck, IconSelector } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useLiveUpdates } from '../api/live.ts';
import { alertsQuery } from '../api/queries.ts';
import { type Environment, environments, type Session } from '../api/types.ts';
import { CommandKey } from '../commands/command-key.tsx';
import { AccountMenu } from './account-menu.tsx';
import { chooseEnvironment, useEnvironment } from './environment.ts';
import { Mark } from './mark.tsx';
import { navigation, type Place, type PlaceGroup } from './navigation.ts';
import classes from './shell.module.css';
import { useMay } from './use-may.ts';

/** Sidebar and page. */
export function Shell({ session }: { readonly session: Session }) {
  const { t } = useTranslation();
  const live = useLiveUpdates();
  const onCanvas = useRouterState({
    select: ({ location }) => /^\/(runs\/[^/]+|flows\/[^/]+(\/(difference|tests))?)$/.test(location.pathname),
  });
  const may = useMay();
  const counts = { '/alerts': useQuery(alertsQuery).data?.length ?? 0 };
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
        <TenantMenu session={session} />
        <nav aria-label={t('nav.label')} className={classes.nav}>
          {navigation.map((group) => (
            <NavGroup key={group.title} group={group} may={may} counts={counts} />
          ))}
        </nav>
        <div className={classes.foot}>
          <LiveSign live={live} />
          <AccountMenu session={session} />
        </div>
      </aside>
      <CommandKey />
      <main id="content" className={classes.content} tabIndex={-1}>
        <Outlet />
      </main>
    </div>
  );
}

/** Whose flows these are, and the choice of the environment that is looked at. */
function TenantMenu({ session: { tenant } }: { readonly session: Session }) {
  const { t } = useTranslation();
  const environment = useEnvironment();
  return (
    <Menu position="bottom-start" width={200} offset={6}>
      <Menu.Target>
        <UnstyledButton className={classes.tenant} title={tenant.name}>
          <span className={classes.initial} aria-hidden>
            {tenant.name.slice(0, 1).toUpperCase()}
          </span>
          <span className={classes.tenantText}>
            <span className={classes.tenantName}>{tenant.name}</span>
            <EnvironmentName environment={environment} />
          </span>
          <IconSelector size={14} aria-hidden className={classes.accountMore} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('nav.environment')}</Menu.Label>
        {environments.map((one) => (
          <Menu.Item
            key={one}
            rightSection={one === environment && <IconCheck size={15} />}
            onClick={() => chooseEnvironment(one)}
          >
            <EnvironmentName environment={one} />
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function EnvironmentName({ environment }: { readonly environment: Environment }) {
  const { t } = useTranslation();
  return (
    <span className={classes.environment}>
      <span className={classes.environmentDot} data-environment={environment} aria-hidden />
      {t(`nav.environments.${environment}`)}
    </span>
  );
}

/** How many things wait behind a place. */
type Counts = Readonly<Partial<Record<string, number>>>;

interface NavGroupProps {
  readonly group: PlaceGroup;
  readonly may: (action: string) => boolean;
  readonly counts: Counts;
}

function NavGroup({ group: { title, places }, may, counts }: NavGroupProps) {
  const { t } = useTranslation();
  const shown = places.filter(({ action }) => may(action));
  if (shown.length === 0) return null;
  return (
    <div className={classes.navGroup}>
      <h2 className={classes.navTitle}>{t(`nav.groups.${title}`)}</h2>
      {shown.map((place) => (
        <NavItem key={place.to} place={place} count={counts[place.to] ?? 0} />
      ))}
    </div>
  );
}

function NavItem({ place: { to, icon: Icon, label }, count }: { readonly place: Place; readonly count: number }) {
  const { t } = useTranslation();
  return (
    <Link to={to} className={classes.item} activeProps={{ 'data-active': true }} title={t(`nav.places.${label}`)}>
      <Icon size={18} stroke={1.8} aria-hidden />
      <span className={classes.itemLabel}>{t(`nav.places.${label}`)}</span>
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
