import { type Json, readJson, writeJson } from '@millrace/contract';
import type { FlowBundle } from '@millrace/flow';

/** Edits that the server does not have yet. */
export interface KeptDraft {
  /** Revision that they were made to. */
  readonly revision: number;
  readonly bundle: FlowBundle;
}

/** What a browser's storage is used for here. */
export type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** Keeps the edits of one flow until the server has them, so that they survive a reload and a lost server. */
export interface DraftStore {
  /** @returns whether there was room */
  readonly keep: (draft: KeptDraft) => boolean;
  readonly kept: () => KeptDraft | undefined;
  readonly forget: () => void;
}

/** @param owner whose flow it is: people of several tenants may use one browser */
export function draftStore(store: Store, owner: string, flow: string): DraftStore {
  const slot = `millrace-draft:${owner}:${flow}`;
  return {
    keep: (draft) => {
      try {
        store.setItem(slot, writeJson(draft as unknown as Json));
        return true;
      } catch {
        return false;
      }
    },
    kept: () => {
      const text = store.getItem(slot);
      return text === null ? undefined : read(text);
    },
    forget: () => store.removeItem(slot),
  };
}

function read(text: string): KeptDraft | undefined {
  try {
    const draft = readJson(text) as unknown as KeptDraft;
    return typeof draft.revision === 'number' && draft.bundle?.flow ? draft : undefined;
  } catch {
    return undefined;
  }
}
