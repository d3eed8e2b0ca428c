import {
  IconAlertTriangle,
  IconChartLine,
  IconClockShield,
  IconDatabase,
  IconHistory,
  IconHourglass,
  IconKey,
  IconLogin2,
  IconMailOff,
  IconPlayerPlay,
  IconPlugConnected,
  IconRefresh,
  IconRocket,
  IconRoute,
  IconStack2,
  IconTable,
  IconTemplate,
  IconUsers,
  type TablerIcon,
} from '@tabler/icons-react';
import type { LinkProps } from '@tanstack/react-router';
import type { en } from './en.ts';

/** A page of the studio that is reached from everywhere: from the sidebar, and by the command bar. */
export interface Place {
  readonly to: LinkProps['to'] & string;
  readonly icon: TablerIcon;
  readonly label: keyof typeof en.nav.places;
  /** Whoever may not do this does not see it. */
  readonly action: string;
}

export interface PlaceGroup {
  readonly title: keyof typeof en.nav.groups;
  readonly places: readonly Place[];
}

export const navigation: readonly PlaceGroup[] = [
  {
    title: 'work',
    places: [
      { to: '/flows', icon: IconRoute, label: 'flows', action: 'flows.read' },
      { to: '/runs', icon: IconPlayerPlay, label: 'runs', action: 'runs.read' },
      { to: '/waiting', icon: IconHourglass, label: 'waiting', action: 'runs.read' },
      { to: '/dead-letters', icon: IconMailOff, label: 'deadLetters', action: 'runs.read' },
      { to: '/alerts', icon: IconAlertTriangle, label: 'alerts', action: 'alerts.read' },
      { to: '/dashboard', icon: IconChartLine, label: 'dashboard', action: 'runs.read' },
    ],
  },
  {
    title: 'data',
    places: [
      { to: '/records', icon: IconDatabase, label: 'records', action: 'records.read' },
      { to: '/code-tables', icon: IconTable, label: 'codeTables', action: 'code-tables.read' },
      { to: '/mappings', icon: IconStack2, label: 'mappings', action: 'mappings.read' },
      { to: '/sync', icon: IconRefresh, label: 'sync', action: 'runs.read' },
    ],
  },
  {
    title: 'setup',
    places: [
      { to: '/templates', icon: IconTemplate, label: 'templates', action: 'templates.read' },
      { to: '/connections', icon: IconPlugConnected, label: 'connections', action: 'connections.read' },
      { to: '/promotions', icon: IconRocket, label: 'promotions', action: 'promotions.read' },
    ],
  },
  {
    title: 'admin',
    places: [
      { to: '/members', icon: IconUsers, label: 'members', action: 'members.read' },
      { to: '/keys', icon: IconKey, label: 'keys', action: 'keys.read' },
      { to: '/sign-in', icon: IconLogin2, label: 'signIn', action: 'sign-in.read' },
      { to: '/retention', icon: IconClockShield, label: 'retention', action: 'retention.set' },
      { to: '/audit', icon: IconHistory, label: 'audit', action: 'audit.read' },
    ],
  },
];
