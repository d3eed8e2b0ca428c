/** How long the settings and their form may take to appear. */
const patienceMs = 2_000;

/**
 * Puts the cursor into a field of a node's settings as soon as it is there: the innermost one that the form draws on the
 * way to the place of a problem.
 */
export async function focusField(node: string, field: readonly string[]): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (performance.now() < deadline) {
    await new Promise(requestAnimationFrame);
    const found = innermost(node, field);
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
