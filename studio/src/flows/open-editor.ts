import type { FlowDetail } from '../api/types.ts';
import type { DraftStore } from '../editor/draft-store.ts';
import { createEditor, type Editor } from '../editor/editor.ts';
import { isSameBundle } from '../editor/same-bundle.ts';

/** The flow as the server has it, or with the edits over it that this browser kept and the server never got. */
export function openEditor(server: FlowDetail, store: DraftStore): Editor {
  const kept = store.kept();
  const editor = createEditor(server.bundle, kept?.revision ?? server.revision);
  if (!kept) return editor;
  if (isSameBundle(kept.bundle, server.bundle)) {
    store.forget();
    editor.reopen(server.bundle, server.revision);
    return editor;
  }
  editor.edit(() => kept.bundle);
  return editor;
}
