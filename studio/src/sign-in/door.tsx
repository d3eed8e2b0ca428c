import type { ReactNode } from 'react';
import { Mark } from '../app/mark.tsx';
import classes from './door.module.css';

interface DoorProps {
  readonly title: string;
  readonly lead: string;
  readonly children?: ReactNode;
  /** Other ways to go on from here. */
  readonly ways?: ReactNode;
}

/** What stands before the studio: one card in the middle of the page. */
export function Door({ title, lead, children, ways }: DoorProps) {
  return (
    <main className={classes.page}>
      <title>{`${title} · Millrace`}</title>
      <div className={classes.card}>
        <Mark size={40} />
        <h1 className={classes.title}>{title}</h1>
        <p className={classes.lead}>{lead}</p>
        {children}
        {ways !== undefined && <div className={classes.ways}>{ways}</div>}
      </div>
    </main>
  );
}

/** One of the other ways. */
export function Way({ go, children }: { readonly go: () => void; readonly children: string }) {
  return (
    <button type="button" className={classes.way} onClick={go}>
      {children}
    </button>
  );
}
