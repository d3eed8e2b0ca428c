import {
  IconAlertTriangle,
  IconBan,
  IconCheck,
  IconClock,
  IconLoader2,
  IconRefresh,
  IconX,
  type TablerIcon,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import classes from './status.module.css';

export type Status =
  | 'running'
  | 'waiting'
  | 'retrying'
  | 'done'
  | 'succeeded'
  | 'failed'
  | 'cancelled'
  | 'overdue'
  | 'open'
  | 'matched'
  | 'expired'
  | 'kept'
  | 'late'
  | 'rejected'
  | 'malformed';

const icons: Record<Status, TablerIcon> = {
  running: IconLoader2,
  waiting: IconClock,
  open: IconClock,
  retrying: IconRefresh,
  done: IconCheck,
  succeeded: IconCheck,
  matched: IconCheck,
  failed: IconX,
  expired: IconX,
  cancelled: IconBan,
  overdue: IconAlertTriangle,
  kept: IconClock,
  late: IconClock,
  rejected: IconX,
  malformed: IconAlertTriangle,
};

/** A state as a coloured word with its icon; colour is never the only sign. */
export function StatusBadge({ status }: { readonly status: Status }) {
  const { t } = useTranslation();
  const Icon = icons[status];
  return (
    <span className={classes.badge} data-status={status}>
      <Icon size={13} stroke={2.2} aria-hidden className={classes.icon} />
      {t(`status.${status}`)}
    </span>
  );
}

/** The icon of a state alone; whoever shows it says the state in words as well. */
export function StatusIcon({ status, size = 14 }: { readonly status: Status; readonly size?: number }) {
  const Icon = icons[status];
  return <Icon size={size} stroke={2.4} aria-hidden className={classes.icon} data-status={status} />;
}
