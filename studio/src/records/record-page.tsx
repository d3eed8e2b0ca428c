import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useEnvironment } from '../app/environment.ts';
import { Page } from '../app/page.tsx';
import { JsonView } from '../code/json-view.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Panel } from '../parts/panel.tsx';
import { LifecycleDrawing } from './lifecycle-drawing.tsx';
import { recordQuery, recordTypesQuery } from './queries.ts';
import { RecordHistory } from './record-history.tsx';

/** A record: where it is in its life, what it holds, and how it came there. */
export function RecordPage() {
  const { t } = useTranslation();
  const environment = useEnvironment();
  const { type, recordId } = useParams({ from: '/records/$type/$recordId' });
  const known = useQuery(recordTypesQuery(environment)).data?.find(({ id }) => id === type);
  const record = useQuery(recordQuery(type, recordId, environment));
  return (
    <Page
      crumbs={
        <>
          <Link to="/records">{t('records.title')}</Link>
          <span aria-hidden>/</span>

          <Link to="/records/$type" params={{ type }}>
            {known?.title ?? type}
          </Link>
        </>
      }
      title={recordId}
      lead={known?.title ?? type}
      help="nodes/records"
    >
      <Loaded query={record}>
        {(shown) => (
          <>
            {known?.lifecycle && (
              <Panel title={t('records.lifecycle')} text={t('records.lifecycleText')}>
                <LifecycleDrawing lifecycle={known.lifecycle} record={shown} />
              </Panel>
            )}
            <Panel title={t('records.data')} text={t('records.dataText')}>
              <JsonView value={shown.data} label={t('records.data')} />
            </Panel>
            <RecordHistory record={shown} />
          </>
        )}
      </Loaded>
    </Page>
  );
}
