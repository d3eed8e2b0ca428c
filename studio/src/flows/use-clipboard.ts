import { useReactFlow } from '@xyflow/react';
import { useEffect, useRef } from 'react';
import { t } from '../app/i18n.ts';
import { notifyDone, notifyRefused } from '../app/notify.ts';
import type { Editor } from '../editor/editor.ts';
import { removeNodes } from '../editor/edits.ts';
import { isTyping } from './shortcuts.ts';

export interface Clipboard {
  /** Copies what is selected; all nodes where none is. */
  readonly copy: () => Promise<void>;
  /** A copy of what is selected, beside it. */
  readonly duplicate: () => Promise<void>;
}

interface Selection {
  readonly ids: ReadonlySet<string>;
  readonly select: (ids: ReadonlySet<string>) => void;
  /** Nothing is changed: the flow may only be looked at, or something else is in front of it. */
  readonly frozen: boolean;
}

const excerpts = () => import('../editor/clipboard.ts');

/**
 * Nodes are copied as the JSON of their part of the flow, and pasted from it: between flows, windows and text editors. The
 * browser's own clipboard events are used, so that no permission is needed.
 */
export function useClipboard(editor: Editor, { ids, select, frozen }: Selection): Clipboard {
  const { screenToFlowPosition } = useReactFlow();
  // Loaded early: an event's clipboard can be filled only while the event is handled.
  const loaded = useRef<Awaited<ReturnType<typeof excerpts>>>(undefined);
  useEffect(() => {
    const load = async () => {
      loaded.current = await excerpts();
    };
    void load();
  }, []);

  const text = (copied: ReadonlySet<string>) =>
    loaded.current?.textOf(loaded.current.excerptOf(editor.state().present, copied)) ?? '';
  const put = async (pasted: string, beside: boolean) => {
    const { paste, readExcerpt, sizeOf } = await excerpts();
    const read = readExcerpt(pasted);
    if (!read) return;
    if ('problems' in read) {
      const [first] = read.problems;
      notifyRefused(t('clipboard.refused'), `${first?.pointer} ${first?.message}`);
      return;
    }
    const { present } = editor.state();
    const isHere = Object.keys(read.excerpt.nodes).some((id) => present.flow.nodes[id]);
    const { width, height } = sizeOf(read.excerpt);
    const middle = screenToFlowPosition({ x: window.innerWidth / 2, y: window.innerHeight / 2 });
    const at = beside || isHere ? undefined : { x: middle.x - width / 2, y: middle.y - height / 2 };
    const pasting = paste(present, read.excerpt, at);
    editor.edit(pasting.edit);
    select(pasting.ids);
    notifyDone(t('clipboard.pasted', { count: pasting.ids.size }));
  };

  const handle = useRef<(event: ClipboardEvent) => void>(undefined);
  handle.current = (event) => {
    if (isTyping(event) || !event.clipboardData) return;
    if (event.type === 'paste') {
      if (!frozen) void put(event.clipboardData.getData('text/plain'), false);
      return;
    }
    if (ids.size === 0 || String(window.getSelection()) !== '') return;
    event.preventDefault();
    event.clipboardData.setData('text/plain', text(ids));
    if (event.type === 'cut' && !frozen) editor.edit(removeNodes(ids));
    else notifyDone(t('clipboard.copied', { count: ids.size }));
  };
  useEffect(() => {
    const listener = (event: ClipboardEvent) => handle.current?.(event);
    for (const kind of ['copy', 'cut', 'paste'] as const) document.addEventListener(kind, listener);
    return () => {
      for (const kind of ['copy', 'cut', 'paste'] as const) document.removeEventListener(kind, listener);
    };
  }, []);

  return {
    copy: async () => {
      const copied = ids.size > 0 ? ids : new Set(Object.keys(editor.state().present.flow.nodes));
      await navigator.clipboard.writeText(text(copied));
      notifyDone(t('clipboard.copied', { count: copied.size }));
    },
    duplicate: async () => {
      if (ids.size > 0 && !frozen) await put(text(ids), true);
    },
  };
}
