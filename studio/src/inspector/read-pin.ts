import { type Json, readJson, writeJson } from '@millrace/contract';

/** A text as data, or why it is none. */
export function readPin(text: string): { readonly data: Json } | { readonly wrong: string } {
  try {
    return { data: readJson(text) };
  } catch (error) {
    return { wrong: (error as Error).message };
  }
}

/** Data as a text to be changed. */
export function pinText(data: Json | undefined): string {
  return writeJson(data ?? {}, 2);
}
