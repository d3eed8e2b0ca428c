import type { Budget, Usage } from './budget.ts';
import { JsonataError } from './failure.ts';
import type { Host } from './host.ts';
import type { Journal } from './journal.ts';
import type { Names } from './names.ts';
import type { DecimalClass } from './value/decimal.ts';
import { Marks } from './value/marks.ts';

/** Fuel between two looks at the clock: some hundred microseconds. */
const betweenLooks = 50_000;

export interface Start {
  readonly budget: Budget;
  readonly host: Host;
  readonly journal: Journal;
  readonly exact: boolean;
  readonly decimals: DecimalClass;
  /** Numbers of the names that the compiled expression does not bind itself, in their order. */
  readonly globals: ReadonlyMap<string, number>;
  readonly names: Names;
}

/** The state of one evaluation: what is left of its budget, the host's side, and the marks on lists. */
export class Run {
  readonly marks: Marks;
  /** What the names that the expression does not bind itself stand for, by their number in the compiled expression. */
  readonly globals: unknown[];
  /** What any other name stands for; for texts that `$eval` compiles on the way. */
  readonly names: Names;
  /** Numbers of globals that such texts have added, besides those of the compiled expression. */
  laterGlobals: Map<string, number> | undefined;
  /** The list around an input that is a list itself; `$` takes it off. */
  wrapper: unknown;
  /** Nesting at the start of the function that is being evaluated. */
  depth = 0;
  /** The call that the function being evaluated ends with; see `lambda.ts`. */
  readonly tail: { callee: unknown; args: unknown[]; input: unknown } = {
    callee: undefined,
    args: [],
    input: undefined,
  };
  readonly host: Host;
  readonly journal: Journal;
  /** All arithmetic is exact, not only that with decimals. */
  readonly exact: boolean;
  /** What decimals are made of. */
  readonly decimals: DecimalClass;
  private readonly budget: Budget;
  private readonly started: number;
  private fuel: number;
  private bytes: number;
  private deepest = 0;
  private nextLook: number;

  constructor({ budget, host, journal, exact, decimals, names, globals }: Start) {
    this.budget = budget;
    this.host = host;
    this.journal = journal;
    this.exact = exact;
    this.decimals = decimals;
    this.names = names;
    this.marks = new Marks(globals.has('distinct'));
    this.globals = [];
    for (const name of globals.keys()) this.globals.push(names.valueOf(name));
    this.fuel = budget.fuel;
    this.bytes = budget.bytes;
    this.started = Number.isFinite(budget.deadlineMs) ? performance.now() : 0;
    this.nextLook = this.afterLook();
  }

  /** @throws {JsonataError} D1021 when the fuel is used up, D1012 when the time is */
  spend(units: number, position?: number): void {
    this.fuel -= units;
    if (this.fuel < this.nextLook) this.look(position);
  }

  /** To be called before the memory is taken. @throws {JsonataError} D1022 */
  allocate(bytes: number, position?: number): void {
    this.bytes -= bytes;
    if (this.bytes < 0) this.look(position);
  }

  /** A list of so many items. */
  allocateList(length: number, position?: number): void {
    this.allocate(16 + 8 * length, position);
  }

  /** Text of so many UTF-16 units, and the work of writing it. */
  allocateText(length: number, position?: number): void {
    this.bytes -= 16 + 2 * length;
    this.fuel -= 1 + (length >> 4);
    if (this.bytes < 0 || this.fuel < this.nextLook) this.look(position);
  }

  /** @param levels nesting below the present depth that is about to be entered; @throws {JsonataError} D1011 */
  enter(levels: number): void {
    const reached = this.depth + levels;
    if (reached > this.deepest) {
      if (reached > this.budget.depth) throw new JsonataError('D1011');
      this.deepest = reached;
    }
  }

  used(): Usage {
    return { fuel: this.budget.fuel - this.fuel, bytes: this.budget.bytes - this.bytes, depth: this.deepest };
  }

  private look(position?: number): void {
    if (this.bytes < 0) throw new JsonataError('D1022', { position });
    if (this.fuel < 0) throw new JsonataError('D1021', { position });
    if (performance.now() - this.started > this.budget.deadlineMs) throw new JsonataError('D1012', { position });
    this.nextLook = this.afterLook();
  }

  private afterLook(): number {
    return Number.isFinite(this.budget.deadlineMs) ? Math.max(0, this.fuel - betweenLooks) : 0;
  }
}
