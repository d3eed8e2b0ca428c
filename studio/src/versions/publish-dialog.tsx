import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { call } from '../api/client.ts';
import { notifyDone } from '../app/notify.ts';
import { NoteDialog } from './note-dialog.tsx';
import { refreshFlow } from './queries.ts';

interface PublishDialogProps {
  readonly flowId: string;
  /** Saves edits of the draft that are not saved yet; resolves to whether all is saved. */
  readonly save?: () => Promise<boolean>;
  readonly close: () => void;
}

/** Makes a version of the draft, with a note for those who look later. */
export function PublishDialog({ flowId, save, close }: PublishDialogProps) {
  const { t } = useTranslation();
  const publishing = useMutation({
    mutationFn: async (note: string | undefined) => {
      if (save && !(await save())) return undefined;
      return call('post /flows/{id}/publish', { params: { id: flowId }, body: note === undefined ? {} : { note } });
    },
    onSuccess: async (done) => {
      if (done) notifyDone(t('versions.published', { number: done.number }));
      close();
      await refreshFlow(flowId);
    },
  });
  return (
    <NoteDialog
      title={t('versions.publish')}
      lead={t('versions.publishLead')}
      confirm={t('versions.publish')}
      busy={publishing.isPending}
      error={publishing.error}
      act={publishing.mutate}
      close={close}
    />
  );
}
