import type { Json } from '@millrace/contract';
import { writeJson } from '@millrace/contract';
import { type Difference, mostDifferences } from './difference.ts';
import classes from './difference-table.module.css';

interface DifferenceTableProps {
  /** What differs. */
  readonly title: string;
  /** What stands on either side. */
  readonly left: string;
  readonly right: string;
  readonly list: readonly Difference[];
}

/** What differs between two values, place by place. */
export function DifferenceTable({ title, left, right, list }: DifferenceTableProps) {
  return (
    <table className={classes.table} aria-label={title}>
      <thead>
        <tr>
          <th scope="col">
            {title} <span className="numbers">({list.length < mostDifferences ? list.length : `${list.length}+`})</span>
          </th>
          <th scope="col">{left}</th>
          <th scope="col">{right}</th>
        </tr>
      </thead>
      <tbody>
        {list.map(({ pointer, left: was, right: is }) => (
          <tr key={pointer}>
            <th scope="row" className="mono">
              {pointer || '/'}
            </th>
            <Value value={was} />
            <Value value={is} />
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const shownCharacters = 300;

function Value({ value }: { readonly value: Json | undefined }) {
  const text = value === undefined ? '–' : writeJson(value);
  return <td className="mono">{text.length > shownCharacters ? `${text.slice(0, shownCharacters)}…` : text}</td>;
}
