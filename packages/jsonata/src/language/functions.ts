import type { Shape } from './shape.ts';

/** What is known of a function that expressions can call. */
export interface FunctionKnowledge {
  /** JSONata's notation (https://docs.jsonata.org/embedding-extending); without one any arguments are taken. */
  readonly signature?: string | undefined;
  readonly docs?: FunctionDocs | undefined;
  /** The host has switched it off: every call fails with this code. */
  readonly refused?: string | undefined;
  /** The argument that is a function which it calls. */
  readonly callsBack?: CallsBack | undefined;
  /** What it gives; without it only what the signature says. */
  readonly result?: ((call: FunctionCall) => Shape) | undefined;
}

export interface CallsBack {
  /** Which argument, from 0. */
  readonly argument: number;
  /** What it is called with. @param args all arguments of the call; of functions among them nothing is known */
  with(args: readonly Shape[]): readonly Shape[];
}

export interface FunctionCall {
  readonly args: readonly Shape[];
  /** What the function answers that it calls. */
  answer(): Shape;
  /**
   * What is known of a field whose name is written out as an argument; nothing where it is not.
   * @param of the object, or the list of objects
   * @param index of the argument, from 0
   */
  field(of: Shape, index: number): Shape | undefined;
}

/** What people are told of a function. */
export interface FunctionDocs {
  /** Names of the parameters as one reads them: `text, start, length?`. */
  readonly parameters: string;
  /** One sentence. */
  readonly summary: string;
  readonly example: FunctionExample;
}

export interface FunctionExample {
  readonly expression: string;
  /** `$` in the expression. */
  readonly input?: unknown;
  /** What it gives. */
  readonly result: unknown;
}

/** By the function's name without the `$`. */
export type DocsByName = Readonly<Record<string, FunctionDocs>>;
