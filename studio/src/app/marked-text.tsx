/** A text with the only marks that texts for people use inside a paragraph: `code` and **stress**. */
export function MarkedText({ text }: { readonly text: string }) {
  return text.split(/(`[^`]+`|\*\*[^*]+\*\*)/).map((part, index) => {
    // biome-ignore-start lint/suspicious/noArrayIndexKey: parts of a fixed text
    if (part.startsWith('`')) return <code key={index}>{part.slice(1, -1)}</code>;
    if (part.startsWith('**')) return <strong key={index}>{part.slice(2, -2)}</strong>;
    return part;
    // biome-ignore-end lint/suspicious/noArrayIndexKey: parts of a fixed text
  });
}
