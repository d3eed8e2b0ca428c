import type { FlowBundle } from '@millrace/flow';
import { useMutation } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import { ApiError, call } from '../api/client.ts';
import { flowQuery } from '../api/queries.ts';
import { queryClient } from '../api/query-client.ts';
import { useEnvironment } from '../app/environment.ts';
import { t } from '../app/i18n.ts';
import { notifyRefused } from '../app/notify.ts';
import type { Editor } from '../editor/editor.ts';
import { isDirty } from '../editor/history.ts';
import { isSameBundle } from '../editor/same-bundle.ts';

/** How an attempt to save ended. */
export type SaveEnd = 'saved' | 'conflict' | 'unreachable' | 'refused';

export interface Saving {
  /** Saves what is not saved yet; resolves to whether the server now holds the flow as it is shown. */
  readonly save: () => Promise<boolean>;
  /** The same; a failure is shown in the header alone. */
  readonly saveQuietly: () => Promise<SaveEnd>;
  readonly busy: boolean;
  /** Why the last attempt failed; nothing once one succeeded. */
  readonly failure: ApiError | undefined;
  /** Someone else saved; nothing is overwritten until the conflict is resolved. */
  readonly conflict: boolean;
  readonly reportConflict: () => void;
  /** Takes what the server holds and drops the edits made here. */
  readonly takeTheirs: () => Promise<void>;
}

export function useSaving(id: string, editor: Editor): Saving {
  const query = flowQuery(id, useEnvironment());
  const [conflict, setConflict] = useState(false);
  const [failure, setFailure] = useState<ApiError>();
  const mutation = useMutation({
    // One after the other: the second is based on the revision that the first makes.
    scope: { id: `save ${id}` },
    networkMode: 'always',
    mutationFn: async () => {
      const { present, revision } = editor.state();
      if (!isDirty(editor.state())) return;
      const sending = call('put /flows/{id}', { params: { id }, body: { revision, bundle: present } });
      const detail = await sending.catch((error: unknown) => arrivedBefore(id, present, error));
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
  const attempt = async (): Promise<ApiError | undefined> => {
    if (!isDirty(editor.state())) return undefined;
    try {
      await mutation.mutateAsync();
      setFailure(undefined);
      return undefined;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (isConflict(error)) setConflict(true);
      else setFailure(error);
      return error;
    }
  };
  const save = async () => {
    const error = await attempt();
    if (error && !isConflict(error)) notifyRefused(t('flow.saveFailed'), error);
    return error === undefined;
  };
  const saveQuietly = async () => {
    const error = await attempt();
    if (!error) return 'saved';
    if (isConflict(error)) return 'conflict';
    return error.status === 0 ? 'unreachable' : 'refused';
  };
  const takeTheirs = async () => {
    const theirs = await queryClient.fetchQuery({ ...query, staleTime: 0 });
    editor.reopen(theirs.bundle, theirs.revision);
    setConflict(false);
    setFailure(undefined);
  };
  const reportConflict = useCallback(() => setConflict(true), []);
  return { save, saveQuietly, busy: mutation.isPending, failure, conflict, reportConflict, takeTheirs };
}

/**
 * Where an answer was lost on its way, the server has had the flow already, and the next attempt looks like a conflict.
 * @throws what was thrown, where the server has something else
 */
async function arrivedBefore(id: string, sent: FlowBundle, error: unknown) {
  if (!(error instanceof ApiError && isConflict(error))) throw error;
  const detail = await call('get /flows/{id}', { params: { id } });
  if (!isSameBundle(detail.bundle, sent)) throw error;
  return detail;
}

function isConflict({ code }: ApiError): boolean {
  return code === 'REVISION_CONFLICT';
}
