import { isObject, type Json, readJson, writeJson } from '@millrace/contract';
import type { FlowBundle } from '../api/types.ts';

/** Hands a bundle to the browser as a file to keep. */
export function download(bundle: FlowBundle): void {
  const url = URL.createObjectURL(
    new Blob([`${writeJson(bundle as unknown as Json, 2)}\n`], { type: 'application/json' }),
  );
  const link = document.createElement('a');
  link.href = url;
  link.download = `${bundle.flow.id}.flow.json`;
  link.click();
  URL.revokeObjectURL(url);
}

export type BundleRead = { readonly bundle: FlowBundle } | { readonly problem: 'notJson' | 'notBundle' };

/** Reads a file as a bundle; a bare flow document is taken as a bundle without samples. The server checks the rest. */
export function readBundle(text: string): BundleRead {
  let json: Json;
  try {
    json = readJson(text);
  } catch {
    return { problem: 'notJson' };
  }
  if (!isObject(json)) return { problem: 'notBundle' };
  const flow = isObject(json.flow) ? json.flow : json;
  if (!isObject(flow.nodes) || !Array.isArray(flow.edges)) return { problem: 'notBundle' };
  const bundle = { layout: { nodes: {} }, samples: {}, tests: {}, records: [], ...(flow === json ? {} : json), flow };
  return { bundle: bundle as unknown as FlowBundle };
}
