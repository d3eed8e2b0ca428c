import { sentences } from './sentences.ts';

/** Where and what: all that an error tells besides its code. */
export interface Place {
  /** Characters from the start of the expression to the end of the token that failed. */
  readonly position?: number | undefined;
  /** Operator or name out of the expression's own text. */
  readonly token?: string | undefined;
  /** Number of an argument, from 1. */
  readonly index?: number | undefined;
}

/**
 * The one error of this package. The codes are those of JSONata 2.2.2, besides our own: D1021 (fuel), D1022 (bytes),
 * D1023 (a pending answer in a synchronous evaluation), D3122 ($eval is off), S0303 (a regular expression that cannot
 * run in linear time), S0501 and S0502 (nesting and length of the text).
 * No message holds a value of the data; only `$error` and `$assert` say what the author wrote (`authored`).
 */
export class JsonataError extends Error {
  override readonly name = 'JsonataError';
  readonly code: string;
  /** The message was computed by the expression itself, and may hold data. */
  readonly authored: boolean;
  position: number | undefined;
  token: string | undefined;
  readonly index: number | undefined;

  constructor(code: string, { position, token, index }: Place = {}, authored?: string) {
    super(authored ?? sentence(code, token, index));
    this.code = code;
    this.authored = authored !== undefined;
    this.position = position;
    this.token = token;
    this.index = index;
  }

  /** The sentence names what failed. */
  tell(token: string): void {
    this.token = token;
    if (!this.authored) this.message = sentence(this.code, token, this.index);
  }
}

/** Gives an error the place of the innermost call that it passes on its way out. */
export function placed(thrown: unknown, position: number | undefined, token: string | undefined): unknown {
  if (thrown instanceof JsonataError) {
    thrown.position ??= position;
    if (thrown.token === undefined && token !== undefined) thrown.tell(token);
  }
  return thrown;
}

function sentence(code: string, token?: string, index?: number): string {
  const known = sentences[code] ?? 'The expression failed.';
  return known.replace('{token}', () => named(token)).replace('{index}', String(index ?? ''));
}

function named(token: string | undefined): string {
  return token !== undefined && token.length <= 60 ? `“${token}”` : 'it';
}
