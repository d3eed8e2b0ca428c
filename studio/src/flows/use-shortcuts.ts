import { useEffect, useRef } from 'react';
import { isDialogOpen } from '../app/is-dialog-open.ts';
import { isTyping, type ShortcutName, shortcutOf } from './shortcuts.ts';

/** What each key does now; one that is left out is left to the browser. */
export type Shortcuts = Readonly<Partial<Record<ShortcutName, () => void>>>;

/** Keys of the flow page, while no dialog lies over it. */
export function useShortcuts(shortcuts: Shortcuts): void {
  const current = useRef(shortcuts);
  current.current = shortcuts;
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (isDialogOpen()) return;
      const name = shortcutOf(event, { typing: isTyping(event), free: isFree(event) });
      const act = name && current.current[name];
      if (!act) return;
      event.preventDefault();
      act();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
}

function isFree({ target }: KeyboardEvent): boolean {
  return target === document.body && document.querySelector('.react-flow:hover') !== null;
}
