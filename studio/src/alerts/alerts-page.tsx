import { Button, SegmentedControl } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Page } from '../app/page.tsx';
import { useMay } from '../app/use-may.ts';
import { AlertList } from './alert-list.tsx';
import classes from './alerts-page.module.css';
import { ChannelDialog } from './channel-dialog.tsx';
import { ChannelList } from './channel-list.tsx';
import { alertViews } from './views.ts';

export function AlertsPage() {
  const { t } = useTranslation();
  const may = useMay();
  const { view = 'open' } = useSearch({ from: '/alerts' });
  const navigate = useNavigate({ from: '/alerts' });
  const [isAdding, setAdding] = useState(false);
  const add = view === 'channels' && may('alert-channels.edit') && (
    <Button leftSection={<IconPlus size={15} />} onClick={() => setAdding(true)}>
      {t('channels.add')}
    </Button>
  );
  return (
    <Page title={t('alerts.title')} lead={t('alerts.lead')} help="operating" actions={add || undefined}>
      <SegmentedControl
        size="xs"
        className={classes.views ?? ''}
        aria-label={t('alerts.show')}
        data={alertViews.map((value) => ({ value, label: t(`alerts.views.${value}`) }))}
        value={view}
        onChange={(value) => {
          const known = alertViews.find((each) => each === value && each !== 'open');
          void navigate({ search: known ? { view: known } : {}, replace: true });
        }}
      />
      {view === 'channels' ? <ChannelList /> : <AlertList key={view} state={view} />}
      {isAdding && <ChannelDialog close={() => setAdding(false)} />}
    </Page>
  );
}
