import type { Json } from '@millrace/contract';
import { useTranslation } from 'react-i18next';
import { JsonView } from '../code/json-view.tsx';
import { differences } from './difference.ts';
import classes from './difference-table.module.css';

interface DifferenceTableProps {
  readonly before: Json;
  readonly after: Json;
}

/** What differs between two states of a thing, value by value. */
export function DifferenceTable({ before, after }: DifferenceTableProps) {
  const { t } = useTranslation();
  const found = differences(before, after);
  if (found.length === 0) return <p className={classes.none}>{t('audit.nothing')}</p>;
  return (
    <table className={classes.table} aria-label={t('audit.changes')}>
      <thead>
        <tr>
          <th scope="col">{t('audit.changes')}</th>
          <th scope="col">{t('audit.before')}</th>
          <th scope="col">{t('audit.after')}</th>
        </tr>
      </thead>
      <tbody>
        {found.map(({ path, kind, before: was, after: is }) => (
          <tr key={path} data-kind={kind}>
            <th scope="row">
              <span className="mono">{path}</span> <span className={classes.kind}>{t(`audit.${kind}`)}</span>
            </th>
            <td>{was !== undefined && <JsonView value={was} label={t('audit.before')} />}</td>
            <td>{is !== undefined && <JsonView value={is} label={t('audit.after')} />}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
