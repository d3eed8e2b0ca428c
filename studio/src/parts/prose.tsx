import MarkdownToJsx from 'markdown-to-jsx';
import type { ComponentType, PropsWithChildren } from 'react';
import classes from './prose.module.css';

export type Anchor = ComponentType<PropsWithChildren<{ readonly href?: string }>>;

interface ProseProps {
  readonly markdown: string;
  /** Where a link leads; without it, only its text is shown. */
  readonly anchor?: Anchor;
  /** The first heading is told elsewhere. */
  readonly untitled?: boolean;
}

/** A Markdown text to be read. HTML in it is shown as text. */
export function Prose({ markdown, anchor = Unlinked, untitled = false }: ProseProps) {
  const overrides = { a: anchor, pre: Block, ...(untitled && { h1: Nothing }) };
  return (
    <MarkdownToJsx
      className={classes.prose}
      options={{ disableParsingRawHTML: true, overrides, wrapper: 'div', forceWrapper: true }}
    >
      {markdown}
    </MarkdownToJsx>
  );
}

function Unlinked({ children }: PropsWithChildren) {
  return <span>{children}</span>;
}

function Nothing() {
  return null;
}

function Block({ children }: PropsWithChildren) {
  // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
  return <pre tabIndex={0}>{children}</pre>;
}
