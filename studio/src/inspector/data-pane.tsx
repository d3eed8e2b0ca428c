import { SegmentedControl, Table } from '@mantine/core';
import { type Json, writeJson } from '@millrace/contract';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { JsonView } from '../code/json-view.tsx';
import { fieldsOf, tableOf } from '../editor/data-shape.ts';
import classes from './node-view.module.css';

interface DataPaneProps {
  readonly title: string;
  readonly data: Json | undefined;
  /** Shown where there is no data. */
  readonly nothing: string;
  /** What is to be said of the data, such as that it is old. */
  readonly notice?: ReactNode;
  readonly actions?: ReactNode;
}

const views = ['fields', 'table', 'json', 'raw'] as const;
type View = (typeof views)[number];
const mostRows = 200;

/** What a node got or gave, in the view that suits whoever looks. */
export function DataPane({ title, data, nothing, notice, actions }: DataPaneProps) {
  const { t } = useTranslation();
  const [view, setView] = useState<View>('json');
  return (
    <section className={classes.pane} aria-label={title}>
      <header className={classes.paneHead}>
        <h3 className={classes.paneTitle}>{title}</h3>
        <SegmentedControl
          size="xs"
          aria-label={t('nodeView.viewOf', { title })}
          value={view}
          onChange={setView}
          data={views.map((value) => ({ value, label: t(`nodeView.views.${value}`) }))}
        />
      </header>
      {notice}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <div className={classes.paneBody} tabIndex={0}>
        {data === undefined ? (
          <p className={classes.nothing}>{nothing}</p>
        ) : (
          <Data data={data} view={view} title={title} />
        )}
      </div>
      {actions !== undefined && <footer className={classes.paneFoot}>{actions}</footer>}
    </section>
  );
}

function Data({ data, view, title }: { readonly data: Json; readonly view: View; readonly title: string }) {
  const { t } = useTranslation();
  if (view === 'json') return <JsonView value={data} label={title} />;
  if (view === 'raw') return <pre className={classes.raw}>{typeof data === 'string' ? data : writeJson(data)}</pre>;
  const shape =
    view === 'fields'
      ? {
          columns: [t('nodeView.field'), t('nodeView.type'), t('nodeView.example')],
          rows: fieldsOf(data).map(({ path, type, example }) => [path, type, example ?? '']),
        }
      : tableOf(data);
  if (!shape) return <p className={classes.nothing}>{t('nodeView.noTable')}</p>;
  return (
    <Table className={classes.table ?? ''} aria-label={title} stickyHeader>
      <Table.Thead>
        <Table.Tr>
          {shape.columns.map((column) => (
            <Table.Th key={column}>{column}</Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {shape.rows.slice(0, mostRows).map((row, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows of data have no identity
          <Table.Tr key={index}>
            {row.map((cell, column) => (
              <Table.Td key={shape.columns[column]}>{cell}</Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
