import { Layout } from '../frame.ts';
import type { Unit } from './unit.ts';

/** Where a variable may be found: so many frames out, in that slot. */
export interface Place {
  readonly hops: number;
  readonly slot: number;
  /** It is bound in every case by the time that it is read. */
  readonly certain: boolean;
}

/**
 * The names that a block, function or step binds. JSONata binds at run time: before `$x := …` has run, `$x` still means
 * the outer one; so a name may have several places.
 */
export class Scope {
  readonly unit: Unit;
  readonly layout: Layout;
  private readonly outer: Scope | undefined;
  private readonly slots = new Map<string, number>();
  private readonly settled = new Set<string>();
  private readonly readEarly = new Set<number>();

  /** @param names take the next slots of the layout, in this order */
  private constructor(unit: Unit, outer: Scope | undefined, layout: Layout, names: Iterable<string>) {
    this.unit = unit;
    this.outer = outer;
    this.layout = layout;
    for (const name of names) this.slots.set(name, layout.newSlot());
  }

  static root(unit: Unit, names: Iterable<string>): Scope {
    return new Scope(unit, undefined, new Layout(), names);
  }

  /** A scope within this one. @param own its variables live in frames of their own, for something may outlive it */
  within(names: Iterable<string>, own: boolean): Scope {
    return new Scope(this.unit, this, own ? new Layout() : this.layout, names);
  }

  /** A scope for a text that is compiled later, and is not part of the unit. */
  later(unit: Unit, names: Iterable<string>): Scope {
    return new Scope(unit, this, new Layout(), names);
  }

  /** From here on the name is bound. */
  settle(name: string): void {
    if (this.slots.has(name)) this.settled.add(name);
  }

  slotOf(name: string): number {
    const slot = this.slots.get(name);
    if (slot === undefined) throw new RangeError(`The scope does not bind ${name}.`);
    return slot;
  }

  /** Places of a name, innermost first; where none is certain, a global follows. */
  placesOf(name: string, hops = 0): Place[] {
    const slot = this.slots.get(name);
    const certain = this.settled.has(name);
    if (slot !== undefined && certain) return [{ hops, slot, certain }];
    const outer = this.outer?.placesOf(name, this.layout === this.outer.layout ? hops : hops + 1) ?? [];
    if (slot === undefined) return outer;
    this.readEarly.add(slot);
    return [{ hops, slot, certain }, ...outer];
  }

  /** Slots to be cleared whenever the scope is entered anew in a frame that it shares. */
  slotsReadEarly(): number[] {
    return [...this.readEarly];
  }
}
