import { SegmentedControl } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Page } from '../app/page.tsx';
import { TypedFilter } from '../parts/typed-filter.tsx';
import { views, type WaitingView } from './filter.ts';
import { SignalList } from './signal-list.tsx';
import { WaitList } from './wait-list.tsx';
import classes from './waiting-page.module.css';

export function WaitingPage() {
  const { t } = useTranslation();
  const { view = 'all', key } = useSearch({ from: '/waiting' });
  const navigate = useNavigate({ from: '/waiting' });
  const look = (next: WaitingView, nextKey: string | undefined) =>
    void navigate({
      search: { ...(next !== 'all' && { view: next }), ...(nextKey && { key: nextKey }) },
      replace: true,
    });
  return (
    <Page title={t('waiting.title')} lead={t('waiting.lead')} help="operating">
      <search className={classes.filters}>
        <SegmentedControl
          size="xs"
          aria-label={t('waiting.show')}
          data={views.map((value) => ({ value, label: t(`waiting.views.${value}`) }))}
          value={view}
          onChange={(value) => look(views.find((known) => known === value) ?? 'all', key)}
        />
        <TypedFilter
          label={t('waiting.key')}
          placeholder={t(view === 'signals' ? 'waiting.exactKeyHint' : 'waiting.keyHint')}
          value={key}
          change={(text) => look(view, text)}
          className={classes.key}
          icon
        />
      </search>
      {view === 'signals' ? (
        <SignalList keyText={key} />
      ) : (
        <WaitList state={view === 'all' ? undefined : view} keyText={key} clear={() => look('all', undefined)} />
      )}
    </Page>
  );
}
