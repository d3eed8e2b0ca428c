import { everyField, type TreeField, wayInWords } from './field-tree.ts';

/** A line of a tree as it is drawn. */
export interface TreeRow {
  readonly field: TreeField;
  /** From 1. */
  readonly level: number;
  /** Absent where there is nothing in it. */
  readonly open?: boolean;
  /** How many stand beside it, and which of them it is, from 1. */
  readonly siblings: number;
  readonly position: number;
}

export interface Folding {
  /** Keys of fields that are not as they are at first: the trees' roots open, all in them too. */
  readonly closed: ReadonlySet<string>;
  /** Only fields that have it in their name, and what leads to them; then everything is open. */
  readonly search: string;
}

/** What of the trees is seen, from top to bottom. */
export function rowsOf(trees: readonly TreeField[], { closed, search }: Folding): TreeRow[] {
  const wanted = search.trim() === '' ? undefined : matching(trees, search.trim().toLowerCase());
  const rows: TreeRow[] = [];
  const add = (fields: readonly TreeField[], level: number) => {
    const shown = wanted ? fields.filter(({ key }) => wanted.has(key)) : fields;
    for (const [index, field] of shown.entries()) {
      const open = wanted !== undefined || !closed.has(field.key);
      const place = { field, level, siblings: shown.length, position: index + 1 };
      rows.push(field.children.length > 0 ? { ...place, open } : place);
      if (open) add(field.children, level + 1);
    }
  };
  add(trees, 1);
  return rows;
}

function matching(trees: readonly TreeField[], search: string): Set<string> {
  const found = new Set<string>();
  const look = (field: TreeField): boolean => {
    const inside = field.children.map(look).includes(true);
    const here = field.label.toLowerCase().includes(search) || wayInWords(field).toLowerCase().includes(search);
    if (here || inside) found.add(field.key);
    return here || inside;
  };
  for (const tree of trees) look(tree);
  return found;
}

/** For every field the place of the row where it is seen: its own, or that of what is closed around it. */
export function placesOf(trees: readonly TreeField[], rows: readonly TreeRow[]): Map<string, number> {
  const own = new Map(rows.map(({ field }, index) => [field.key, index]));
  const places = new Map<string, number>();
  const put = (field: TreeField, around: number | undefined) => {
    const place = own.get(field.key) ?? around;
    if (place !== undefined) places.set(field.key, place);
    for (const child of field.children) put(child, place);
  };
  for (const tree of trees) put(tree, undefined);
  return places;
}

/** Keys of everything that can be closed. */
export function closable(trees: readonly TreeField[]): string[] {
  return trees.flatMap(everyField).flatMap(({ key, children }) => (children.length > 0 ? [key] : []));
}
