import type { TablerIcon } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './empty-state.module.css';

interface EmptyStateProps {
  readonly icon: TablerIcon;
  readonly title: string;
  readonly text?: string;
  readonly children?: ReactNode;
  /** It is all that the page shows, so its title is the page's. */
  readonly wholePage?: boolean;
}

/** What is shown where there is nothing to show, and what to do about it. */
export function EmptyState({ icon: Icon, title, text, children, wholePage = false }: EmptyStateProps) {
  const Heading = wholePage ? 'h1' : 'h2';
  return (
    <div className={classes.empty}>
      <span className={classes.icon}>
        <Icon size={24} stroke={1.6} aria-hidden />
      </span>
      <Heading className={classes.title}>{title}</Heading>
      {text !== undefined && <p className={classes.text}>{text}</p>}
      {children !== undefined && <div className={classes.actions}>{children}</div>}
    </div>
  );
}
