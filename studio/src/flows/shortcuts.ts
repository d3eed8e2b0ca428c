/** What keys do on the flow page. */
export type ShortcutName =
  | 'publish'
  | 'run'
  | 'undo'
  | 'redo'
  | 'selectAll'
  | 'duplicate'
  | 'add'
  | 'remove'
  | 'open'
  | 'connect'
  | 'outline'
  | 'fit'
  | 'actualSize'
  | 'zoomIn'
  | 'zoomOut'
  | 'unselect'
  | 'keys';

/** Keys as they are told to people, in the order in which they are told. */
export const shortcutKeys: readonly (readonly [
  name: ShortcutName | 'commands' | 'clipboard' | 'pan' | 'several',
  keys: string,
])[] = [
  ['commands', 'Ctrl+K'],
  ['publish', 'Ctrl+S'],
  ['run', 'Ctrl+Enter'],
  ['add', 'N, Tab'],
  ['connect', 'C'],
  ['open', 'Enter'],
  ['remove', 'Delete'],
  ['undo', 'Ctrl+Z'],
  ['redo', 'Ctrl+Y'],
  ['clipboard', 'Ctrl+C, Ctrl+X, Ctrl+V'],
  ['duplicate', 'Ctrl+D'],
  ['selectAll', 'Ctrl+A'],
  ['several', 'Shift+click, Shift+drag'],
  ['outline', 'O'],
  ['fit', '0'],
  ['actualSize', '1'],
  ['zoomIn', '+'],
  ['zoomOut', '−'],
  ['pan', 'Space+drag'],
  ['unselect', 'Esc'],
  ['keys', '?'],
];

export interface Press {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

const withCommand: Readonly<Record<string, ShortcutName>> = {
  z: 'undo',
  y: 'redo',
  a: 'selectAll',
  d: 'duplicate',
};

const alone: Readonly<Record<string, ShortcutName>> = {
  delete: 'remove',
  backspace: 'remove',
  n: 'add',
  c: 'connect',
  o: 'outline',
  '0': 'fit',
  '1': 'actualSize',
  '+': 'zoomIn',
  '=': 'zoomIn',
  '-': 'zoomOut',
  escape: 'unselect',
  '?': 'keys',
};

/**
 * What a key does. Publishing and running work everywhere; the others not while a text is being typed, which has its own undo.
 * @param at `typing`: the key goes into a text; `free`: nothing has the focus, and the pointer is over the canvas, so that
 * Tab is no way to the next element
 */
export function shortcutOf(
  press: Press,
  at: { readonly typing: boolean; readonly free: boolean },
): ShortcutName | undefined {
  const command = press.ctrlKey || press.metaKey;
  const key = press.key.toLowerCase();
  if (command && key === 's') return 'publish';
  if (command && key === 'enter') return 'run';
  if (at.typing) return undefined;
  if (command) return press.shiftKey && key === 'z' ? 'redo' : withCommand[key];
  if (press.altKey) return undefined;
  if (key === 'tab') return at.free && !press.shiftKey ? 'add' : undefined;
  return alone[key];
}

/** Whether an event goes into a text; editors of code stand in a shadow root, so the innermost target counts. */
export function isTyping(event: Event): boolean {
  const target = event.composedPath()[0];
  if (!(target instanceof HTMLElement)) return false;
  return (
    target.isContentEditable ||
    ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName) ||
    target.closest('[role="dialog"]') !== null
  );
}
