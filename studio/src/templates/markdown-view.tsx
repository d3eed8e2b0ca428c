import { type Block, blocksOf, spansOf } from './markdown.ts';
import classes from './templates.module.css';

/** What a template says of itself; its title is that of the page. */
export function MarkdownView({ text }: { readonly text: string }) {
  const blocks = blocksOf(text).filter((block) => block.kind !== 'heading' || block.level > 1);
  return (
    <div className={classes.prose}>
      {blocks.map((block, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: blocks of a fixed text
        <BlockView key={index} block={block} />
      ))}
    </div>
  );
}

function BlockView({ block }: { readonly block: Block }) {
  switch (block.kind) {
    case 'heading':
      return <h2>{block.text}</h2>;
    case 'code':
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      return <pre tabIndex={0}>{block.text}</pre>;
    case 'list': {
      const List = block.ordered ? 'ol' : 'ul';
      return (
        <List>
          {block.items.map((item) => (
            <li key={item}>
              <Spans text={item} />
            </li>
          ))}
        </List>
      );
    }
    case 'table':
      return <TableView {...block} />;
    default:
      return (
        <p>
          <Spans text={block.text} />
        </p>
      );
  }
}

function TableView({ head, rows }: Extract<Block, { kind: 'table' }>) {
  return (
    <table>
      {head.length > 0 && (
        <thead>
          <tr>
            {head.map((cell) => (
              <th key={cell} scope="col">
                <Spans text={cell} />
              </th>
            ))}
          </tr>
        </thead>
      )}
      <tbody>
        {rows.map((row) => (
          <tr key={row.join('|')}>
            {row.map((cell, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: cells of a fixed text
              <td key={index}>
                <Spans text={cell} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const elements = { plain: 'span', code: 'code', strong: 'strong' } as const;

function Spans({ text }: { readonly text: string }) {
  return spansOf(text).map(({ kind, text: part }, index) => {
    const Element = elements[kind];
    // biome-ignore lint/suspicious/noArrayIndexKey: parts of a fixed text
    return <Element key={index}>{part}</Element>;
  });
}
