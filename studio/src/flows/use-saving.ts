import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiError, call } from '../api/client.ts';
import { flowQuery } from '../api/queries.ts';
import { queryClient } from '../api/query-client.ts';
import { useEnvironment } from '../app/environment.ts';
import { t } from '../app/i18n.ts';
import { notifyRefused } from '../app/notify.ts';
import type { Editor } from '../editor/editor.ts';
import { isDirty } from '../editor/history.ts';

export interface Saving {
  /** Saves what is not saved yet; resolves to whether the server now holds the flow as it is shown. */
  readonly save: () => Promise<boolean>;
  readonly busy: boolean;
  /** Someone else saved; nothing is overwritten until the conflict is resolved. */
  readonly conflict: boolean;
  readonly reportConflict: () => void;
  /** Takes what the server holds and drops the edits made here. */
  readonly takeTheirs: () => Promise<void>;
}

export function useSaving(id: string, editor: Editor): Saving {
  const query = flowQuery(id, useEnvironment());
  const [conflict, setConflict] = useState(false);
  const mutation = useMutation({
    mutationFn: async () => {
      const { present, revision } = editor.state();
      const detail = await call('put /flows/{id}', { params: { id }, body: { revision, bundle: present } });
      editor.markSaved(present, detail.revision);
      // The editor's own bundle stays, so that undo and the comparison with what is saved keep working.
      const { revision: next, updatedAt, problems } = detail;
      queryClient.setQueryData(
        query.queryKey,
        (old) => old && { ...old, revision: next, updatedAt, problems, bundle: present },
      );
      // What of it serves in the environment that is looked at is not in the answer.
      void queryClient.invalidateQueries({ queryKey: ['flow', id] });
      void queryClient.invalidateQueries({ queryKey: ['flows'] });
    },
  });
  const save = async () => {
    if (!isDirty(editor.state())) return true;
    try {
      await mutation.mutateAsync();
      return true;
    } catch (error) {
      if (error instanceof ApiError && error.code === 'REVISION_CONFLICT') setConflict(true);
      else notifyRefused(t('flow.saveFailed'), error);
      return false;
    }
  };
  const takeTheirs = async () => {
    const theirs = await queryClient.fetchQuery({ ...query, staleTime: 0 });
    editor.reopen(theirs.bundle, theirs.revision);
    setConflict(false);
  };
  return { save, busy: mutation.isPending, conflict, reportConflict: () => setConflict(true), takeTheirs };
}
