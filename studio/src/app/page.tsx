import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './page.module.css';

interface PageProps {
  readonly title: string;
  readonly lead?: string;
  /** The way here, shown above the title. */
  readonly crumbs?: ReactNode;
  /** Page of the documentation that tells more. */
  readonly help?: string;
  /** Shown at the right of the title. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** A page of text and lists; canvas pages have their own frame. */
export function Page({ title, lead, crumbs, help, actions, children }: PageProps) {
  const { t } = useTranslation();
  return (
    <div className={classes.page}>
      <title>{`${title} · Millrace`}</title>
      <header className={classes.header}>
        <div>
          {crumbs !== undefined && <nav className={classes.crumbs}>{crumbs}</nav>}
          <h1 className={classes.title}>{title}</h1>
          {lead !== undefined && (
            <p className={classes.lead}>
              {lead}{' '}
              {help !== undefined && (
                <Link to="/help/$page" params={{ page: help }} className={classes.help}>
                  {t('parts.help')}
                </Link>
              )}
            </p>
          )}
        </div>
        {actions !== undefined && <div className={classes.actions}>{actions}</div>}
      </header>
      {children}
    </div>
  );
}
