import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { FlowDetail } from '../api/types.ts';
import { notifyRefused } from '../app/notify.ts';
import { download } from './bundle-file.ts';
import { useEditing, useHistory } from './editing.ts';
import classes from './flow-page.module.css';
import type { Saving } from './use-saving.ts';

/** Someone else saved while this flow was being edited: keep mine as a file, or take theirs. */
export function ConflictNotice({ server, saving }: { readonly server: FlowDetail; readonly saving: Saving }) {
  const { t } = useTranslation();
  const { revision, present } = useHistory(useEditing().editor);
  const take = () => saving.takeTheirs().catch((error: unknown) => notifyRefused(t('common.failedTitle'), error));
  return (
    <div className={classes.conflict} role="alert">
      <IconAlertTriangle size={18} aria-hidden />
      <div>
        <strong>{t('flow.conflictTitle')}</strong>{' '}
        {t('flow.conflict', { theirs: Math.max(server.revision, revision + 1), ours: revision })}
      </div>
      <Button variant="default" onClick={() => download(present)}>
        {t('flow.exportMine')}
      </Button>
      <Button variant="default" onClick={() => void take()}>
        {t('flow.loadTheirs')}
      </Button>
    </div>
  );
}
