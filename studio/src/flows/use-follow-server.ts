import { useEffect } from 'react';
import type { FlowDetail } from '../api/types.ts';
import { t } from '../app/i18n.ts';
import { notifyDone } from '../app/notify.ts';
import type { Editor } from '../editor/editor.ts';
import { isDirty } from '../editor/history.ts';
import { isSameBundle } from '../editor/same-bundle.ts';
import type { Saving } from './use-saving.ts';

/** Takes over what the server holds anew; where there are edits here, it is a conflict, and nothing is overwritten. */
export function useFollowServer(server: FlowDetail, editor: Editor, { busy, reportConflict }: Saving): void {
  useEffect(() => {
    // What differs before anything was edited is what this browser had kept.
    if (isDirty(editor.state())) notifyDone(t('flow.restored'));
  }, [editor]);

  useEffect(() => {
    if (busy || server.revision <= editor.state().revision) return;
    const { present } = editor.state();
    if (isSameBundle(present, server.bundle)) editor.markSaved(present, server.revision);
    else if (isDirty(editor.state())) reportConflict();
    else editor.reopen(server.bundle, server.revision);
  }, [server, editor, reportConflict, busy]);
}
