import { useEffect, useRef, useState } from 'react';
import type { DraftStore } from '../editor/draft-store.ts';
import type { Editor } from '../editor/editor.ts';
import { isDirty } from '../editor/history.ts';
import type { Saving } from './use-saving.ts';

/** After the last edit. The browser's own storage is quick; the server is asked when the editing pauses. */
const keepAfterMs = 250;
const saveAfterMs = 1_500;
/** Before the server is tried again. */
const retryAfterMs = 4_000;

/**
 * Saves by itself: each edit is kept in the browser at once, until the server has it, and sent when the editing pauses. While
 * the server cannot be reached, or someone else has saved, the edits stay in the browser.
 * @returns whether the browser has no room left to keep them
 */
export function useDrafts(editor: Editor, saving: Saving, store: DraftStore): boolean {
  const [full, setFull] = useState(false);
  const current = useRef(saving);
  current.current = saving;

  useEffect(() => {
    let keeping: ReturnType<typeof setTimeout> | undefined;
    let sending: ReturnType<typeof setTimeout> | undefined;
    const keep = () => {
      clearTimeout(keeping);
      keeping = undefined;
      const { present, revision } = editor.state();
      if (isDirty(editor.state())) setFull(!store.keep({ revision, bundle: present }));
      else store.forget();
    };
    const send = async () => {
      if (current.current.conflict || !isDirty(editor.state())) return;
      const tried = editor.state().present;
      const end = await current.current.saveQuietly();
      if (end === 'saved') keep();
      // What was refused is not sent again as it is; the next edit sends it.
      if (end === 'unreachable' || (end === 'refused' && editor.state().present !== tried)) later(retryAfterMs);
    };
    const later = (ms: number) => {
      clearTimeout(sending);
      sending = setTimeout(() => void send(), ms);
    };
    const watch = () => {
      keeping ??= setTimeout(keep, keepAfterMs);
      later(saveAfterMs);
    };
    const leave = () => {
      if (keeping !== undefined) keep();
    };
    const online = () => later(0);
    const stop = editor.subscribe(watch);
    window.addEventListener('pagehide', leave);
    window.addEventListener('online', online);
    if (isDirty(editor.state())) watch();
    return () => {
      stop();
      window.removeEventListener('pagehide', leave);
      window.removeEventListener('online', online);
      clearTimeout(sending);
      leave();
      void send();
    };
  }, [editor, store]);

  return full;
}
