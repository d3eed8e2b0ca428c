/** How long the settings and their form may take to appear. */
const patienceMs = 2_000;

/**
 * Puts the cursor into a field of a node's settings as soon as it is there: the innermost one that the form draws on the
 * way to the place of a problem.
 */
export function focusField(node: string, field: readonly string[]): Promise<void> {
  return focusWhenThere(() => innermost(node, field));
}

/** Puts the cursor into the settings of a node that was entered by keyboard. */
export function focusSettings(node: string): Promise<void> {
  return focusWhenThere(() => document.getElementById(titleFieldId(node)) ?? undefined);
}

/** Opens the wiring of a node and puts the cursor where it is connected to another. */
export function focusWiring(node: string): Promise<void> {
  document.querySelector<HTMLElement>(`[data-wiring="${node}"]`)?.click();
  return focusWhenThere(() => document.getElementById(connectFieldId(node)) ?? undefined);
}

/** Where the ordinary way out of a node is connected. */
export function connectFieldId(node: string): string {
  return `connect-${node}`;
}

export function titleFieldId(node: string): string {
  return `title-${node}`;
}

async function focusWhenThere(find: () => HTMLElement | undefined): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (performance.now() < deadline) {
    await new Promise(requestAnimationFrame);
    const found = find();
    if (!found) continue;
    found.scrollIntoView({ block: 'center' });
    found.focus({ preventScroll: true });
    return;
  }
}

function innermost(node: string, field: readonly string[]): HTMLElement | undefined {
  const ids = field.map((_, depth) => [`config-${node}`, ...field.slice(0, depth + 1)].join('_'));
  const found = ids.map((id) => document.getElementById(id)).filter((element) => element !== null);
  return found.at(-1);
}
