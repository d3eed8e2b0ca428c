import classes from './templates.module.css';

/** The plain parts of a Markdown text: headings and paragraphs; tables, drawings and lists stand as they are written. */
export function Paragraphs({ text }: { readonly text: string }) {
  return (
    <div className={classes.prose}>
      {text
        .trim()
        .split(/\n{2,}/)
        .map(Block)}
    </div>
  );
}

function Block(block: string) {
  const heading = /^(#{1,6})\s+(.*)$/.exec(block);
  if (heading?.[1] === '#') return null;
  if (heading) return <h2 key={block}>{heading[2]}</h2>;
  if (/^(```|\||[-*] |\d+\. )/.test(block))
    return (
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      <pre key={block} tabIndex={0}>
        {block.replaceAll(/^```\w*\n?|```$/gm, '')}
      </pre>
    );
  return <p key={block}>{block.replaceAll(/[`*]{1,2}/g, '').replaceAll(/\[([^\]]+)\]\([^)]*\)/g, '$1')}</p>;
}
