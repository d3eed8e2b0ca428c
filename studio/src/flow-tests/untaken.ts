import type { FlowDocument } from '@millrace/flow';
import { type Emphasis, edgeId, type Highlights } from '../canvas/drawing.ts';

/**
 * What no test takes, on the canvas.
 * @param untaken edges as a report has them: `from → to`, `from:port → to`
 */
export function untakenHighlights({ edges }: FlowDocument, untaken: readonly string[]): Highlights {
  const named = new Set(untaken);
  const idle = edges.filter(({ from, port, to }) => named.has(`${from}${port ? `:${port}` : ''} → ${to}`));
  return { nodes: new Map(), edges: new Map(idle.map((edge): [string, Emphasis] => [edgeId(edge), 'untaken'])) };
}

/** A name for the file of a test, which no other test of the flow has. */
export function fileName(name: string, taken: readonly string[]): string {
  const plain = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 60);
  const base = plain === '' ? 'test' : plain;
  let file = base;
  for (let next = 2; taken.includes(file); next++) file = `${base}-${next}`;
  return file;
}
