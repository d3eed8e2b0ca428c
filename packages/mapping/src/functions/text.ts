import type { HostFunctions } from './host.ts';

/** Texts that go into another language than JSON. */
export const textFunctions: HostFunctions = {
  escapeHtml: { signature: '<s-:s>', call: escapeHtml },
};

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** The text as HTML shows it, between tags and within a quoted attribute: nothing in it is a tag, an entity or a quote. */
function escapeHtml(text?: string): string | undefined {
  return text?.replace(/[&<>"']/g, (character) => entities[character] as string);
}
