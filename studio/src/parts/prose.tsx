import MarkdownToJsx from 'markdown-to-jsx';
import { Children, type ComponentType, type PropsWithChildren } from 'react';
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
  const overrides = { a: anchor, pre: Block, th: Head, ...(untitled && { h1: Nothing }) };
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

/** A head without words is none: the table of a README often has nothing above its columns. */
function Head({ children }: PropsWithChildren) {
  return Children.count(children) === 0 ? <td /> : <th>{children}</th>;
}

function Block({ children }: PropsWithChildren) {
  // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
  return <pre tabIndex={0}>{children}</pre>;
}
