/** Address in the studio of what a page of the documentation leads to; nothing where the studio has no page for it. */
export function helpAddress(href: string): string | undefined {
  if (href.startsWith('#')) return href;
  const [, page] = /^(?:\.\.?\/)*((?:nodes\/)?[A-Za-z][A-Za-z0-9-]*)\.md(?:#.*)?$/.exec(href) ?? [];
  return page === undefined ? undefined : `/help/${encodeURIComponent(page)}`;
}
