import type { FlowBundle } from '@millrace/flow';
import type { Edit } from './edits.ts';

/** A flow under edit: what it is, what was before and after it, and what the server holds. */
export interface History {
  readonly present: FlowBundle;
  /** What was last loaded or saved; the flow is dirty where this is not the present. */
  readonly saved: FlowBundle;
  /** Revision of `saved`. */
  readonly revision: number;
  readonly past: readonly FlowBundle[];
  readonly future: readonly FlowBundle[];
  /** Names the edit that made the present; edits of the same name in a row are undone in one step. */
  readonly gesture: string | undefined;
}

const longestPast = 200;

export function open(bundle: FlowBundle, revision: number): History {
  return { present: bundle, saved: bundle, revision, past: [], future: [], gesture: undefined };
}

/** @param gesture a name for edits that belong together, such as the letters typed into one field */
export function apply(history: History, edit: Edit, gesture?: string): History {
  const present = edit(history.present);
  if (present === history.present) return history;
  const continued = gesture !== undefined && gesture === history.gesture && history.past.length > 0;
  const past = continued ? history.past : [...history.past, history.present].slice(-longestPast);
  return { ...history, present, past, future: [], gesture };
}

export function undo(history: History): History {
  const present = history.past.at(-1);
  if (!present) return history;
  const future = [history.present, ...history.future];
  return { ...history, present, past: history.past.slice(0, -1), future, gesture: undefined };
}

export function redo(history: History): History {
  const [present, ...future] = history.future;
  if (!present) return history;
  return { ...history, present, past: [...history.past, history.present], future, gesture: undefined };
}

/**
 * What was sent is now what the server holds. Edits made while it was under way stay, and stay unsaved.
 * @param sent the bundle as it was sent
 */
export function markSaved(history: History, sent: FlowBundle, revision: number): History {
  return { ...history, saved: sent, revision, gesture: undefined };
}

export function isDirty(history: History): boolean {
  return history.present !== history.saved;
}
