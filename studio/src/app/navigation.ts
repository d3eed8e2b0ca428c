import {
  IconAlertTriangle,
  IconChartLine,
  IconHourglass,
  IconMailOff,
  IconPlayerPlay,
  IconRefresh,
  IconRoute,
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
    places: [{ to: '/sync', icon: IconRefresh, label: 'sync', action: 'runs.read' }],
  },
];
