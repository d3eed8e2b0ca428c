import type { Run } from './run.ts';

/** What a slot holds whose variable has not been bound yet. */
export const unset: unique symbol = Symbol('unset');

/** The variables of one call of a function, or of one passage through a block that a function may outlive. */
export class Frame {
  readonly run: Run;
  readonly parent: Frame | undefined;
  readonly slots: unknown[];

  constructor(run: Run, parent: Frame | undefined, slots: unknown[]) {
    this.run = run;
    this.parent = parent;
    this.slots = slots;
  }
}

/** How many slots the frames of one place in the expression have; grows while that place is compiled. */
export class Layout {
  size = 0;

  newSlot(): number {
    return this.size++;
  }

  /** @param first values of the first slots; takes them over */
  frame(run: Run, parent: Frame | undefined, first: unknown[] = []): Frame {
    while (first.length < this.size) first.push(unset);
    return new Frame(run, parent, first);
  }
}
