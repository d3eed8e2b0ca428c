type List = readonly unknown[];
type Mark = 'item' | 'sequence' | 'kept';

/**
 * JSONata tells lists apart by how they came about. A result of several values (a *sequence*) of one item is that item,
 * and of none is no value; every evaluation ends by making it so. What is left to remember is little, and it is
 * remembered beside the lists, so that data stays plain:
 * - `item`: written with brackets as a step of a path, a list is not taken apart by the path (JSONata: `cons`);
 * - `sequence`: a short sequence that a function gave, not yet taken apart;
 * - `kept`: a sequence of one item that `[]` keeps a list.
 */
export class Marks {
  private marks: Map<List, Mark> | undefined;
  private readonly remembersAll: boolean;

  /** @param remembersAll marks longer sequences too, which only `$distinct` asks for */
  constructor(remembersAll: boolean) {
    this.remembersAll = remembersAll;
  }

  /** Whether there is anything to look for. */
  get any(): boolean {
    return this.marks !== undefined;
  }

  asItem(list: unknown[]): unknown[] {
    return this.put(list, 'item');
  }

  /** Makes a sequence a value. */
  collapsed(sequence: unknown[]): unknown {
    return sequence.length > 1 ? this.asSequence(sequence) : sequence[0];
  }

  /** Longer lists need no mark: what differs is only what becomes of those with less than two items. */
  asSequence(list: unknown[]): unknown[] {
    return list.length < 2 || this.remembersAll ? this.put(list, 'sequence') : list;
  }

  asKept(list: unknown[]): unknown[] {
    return list.length === 1 ? this.put(list, 'kept') : this.asSequence(list);
  }

  isItem(list: List): boolean {
    return this.marks !== undefined && this.marks.get(list) === 'item';
  }

  /** Whether a list is a sequence; longer ones are not remembered, unless all are. */
  isSequence(list: List): boolean {
    const mark = this.marks?.get(list);
    return mark === 'sequence' || mark === 'kept';
  }

  /** The value that an evaluation ends with. */
  settled(value: unknown): unknown {
    if (this.marks === undefined || !Array.isArray(value) || value.length > 1) return value;
    if (this.marks.get(value) !== 'sequence') return value;
    this.marks.delete(value);
    return value[0];
  }

  /** The same under `[]`. */
  settledKept(value: unknown): unknown {
    if (!Array.isArray(value) || value.length > 1 || !this.isSequence(value)) return value;
    return value.length === 0 ? undefined : this.put(value, 'kept');
  }

  private put(list: unknown[], mark: Mark): unknown[] {
    this.marks ??= new Map();
    this.marks.set(list, mark);
    return list;
  }
}
