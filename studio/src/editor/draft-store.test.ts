import type { FlowBundle } from '@millrace/flow';
import { expect, test } from 'vitest';
import { draftStore, type Store } from './draft-store.ts';

const bundle: FlowBundle = {
  flow: { format: 1, id: 'orders', name: 'Orders', nodes: {}, edges: [] },
  layout: { nodes: {} },
  samples: {},
  tests: {},
  records: [],
};

function memory(): Store & { readonly texts: Map<string, string> } {
  const texts = new Map<string, string>();
  return {
    texts,
    getItem: (key) => texts.get(key) ?? null,
    setItem: (key, text) => void texts.set(key, text),
    removeItem: (key) => void texts.delete(key),
  };
}

test('R-X4 what the server does not have yet is there again after a reload, and gone once it has it', () => {
  const store = memory();
  expect(draftStore(store, 'acme', 'orders').keep({ revision: 3, bundle })).toBe(true);
  const afterReload = draftStore(store, 'acme', 'orders');
  expect(afterReload.kept()).toEqual({ revision: 3, bundle });
  afterReload.forget();
  expect(afterReload.kept()).toBeUndefined();
});

test('drafts of flows and of tenants are kept apart', () => {
  const store = memory();
  draftStore(store, 'acme', 'orders').keep({ revision: 3, bundle });
  expect(draftStore(store, 'acme', 'invoices').kept()).toBeUndefined();
  expect(draftStore(store, 'globex', 'orders').kept()).toBeUndefined();
});

test('what cannot be read is no draft, and a full storage is told', () => {
  const store = memory();
  store.setItem('millrace-draft:acme:orders', '{"revision":');
  expect(draftStore(store, 'acme', 'orders').kept()).toBeUndefined();
  const full: Store = {
    ...store,
    setItem: () => {
      throw new Error('QuotaExceededError');
    },
  };
  expect(draftStore(full, 'acme', 'orders').keep({ revision: 3, bundle })).toBe(false);
});
