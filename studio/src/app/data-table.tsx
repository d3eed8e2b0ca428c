import { IconChevronDown, IconChevronUp, IconSelector } from '@tabler/icons-react';
import {
  type ColumnDef,
  createColumnHelper,
  createSortedRowModel,
  type Header,
  rowSortingFeature,
  sortFns,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import classes from './data-table.module.css';

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel(), sortFns });
type Features = typeof features;
type Column<Row extends object> = ColumnDef<Features, Row>;

/** Columns of a {@link DataTable}, declared once beside it. */
export const columnsOf = <Row extends object>(
  declare: (helper: ReturnType<typeof createColumnHelper<Features, Row>>) => readonly Column<Row>[],
): Column<Row>[] => [...declare(createColumnHelper<Features, Row>())];

interface DataTableProps<Row extends object> {
  /** What the table shows, for those who do not see it. */
  readonly label: string;
  readonly columns: Column<Row>[];
  readonly rows: readonly Row[];
  readonly idOf: (row: Row) => string;
}

/** A list of things with columns, sortable by each that has a value. */
export function DataTable<Row extends object>({ label, columns, rows, idOf }: DataTableProps<Row>) {
  const table = useTable({ features, columns, data: rows, getRowId: idOf });
  return (
    <div className={classes.frame}>
      <table className={classes.table} aria-label={label}>
        <thead>
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id}>
              {group.headers.map((header) => (
                <th key={header.id} scope="col" aria-sort={sortOf(header)}>
                  {header.column.getCanSort() ? (
                    <button type="button" className={classes.sort} onClick={header.column.getToggleSortingHandler()}>
                      <table.FlexRender header={header} />
                      <SortMark direction={header.column.getIsSorted()} />
                    </button>
                  ) : (
                    <table.FlexRender header={header} />
                  )}
                </th>
              ))}
            </tr>
          ))}
        </thead>
        <tbody>
          {table.getRowModel().rows.map((row) => (
            <tr key={row.id} className={classes.row}>
              {row.getAllCells().map((cell) => (
                <td key={cell.id}>
                  <table.FlexRender cell={cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function sortOf<Row extends object>({ column }: Header<Features, Row>) {
  const direction = column.getIsSorted();
  if (!column.getCanSort()) return undefined;
  return direction === false ? 'none' : direction === 'asc' ? 'ascending' : 'descending';
}

function SortMark({ direction }: { readonly direction: false | 'asc' | 'desc' }) {
  const Icon = direction === false ? IconSelector : direction === 'asc' ? IconChevronUp : IconChevronDown;
  return <Icon size={13} aria-hidden className={classes.mark} data-sorted={direction !== false} />;
}
