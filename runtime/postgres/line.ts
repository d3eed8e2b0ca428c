import pg from 'pg';
import { type Answer, type Asked, OneGo, type PreparedStatements } from './one-go.ts';

/** A connection as transactions use it, one after the other. */
export interface Line {
  /** Statements that are asked for in one go are sent in one go, and done in their order. */
  ask(text: string, values?: readonly unknown[]): Promise<Answer>;
  /** What was asked for and is not sent yet is not sent any more. */
  drop(): void;
}

/** How the driver writes values; its types do not tell of it. */
const { prepareValue } = (pg as unknown as { utils: { prepareValue(value: unknown): Asked['values'][number] } }).utils;

/** @param client in pipeline mode */
export function openLine(client: pg.ClientBase): Line {
  const prepared: PreparedStatements = new Map();
  let asked: Asked[] = [];

  return {
    async ask(text, values = []) {
      const { promise, resolve, reject } = Promise.withResolvers<Answer>();
      const written = values.map(prepareValue);
      if (asked.length === 0) process.nextTick(send);
      asked.push({ text, values: written, resolve, reject });
      return promise;
    },
    drop() {
      for (const { reject } of asked) reject(new TypeError('the transaction was given up'));
      asked = [];
    },
  };

  /** When all that can be asked for without an answer has been. */
  function send(): void {
    const go = asked;
    asked = [];
    if (go.length > 0) client.query(new OneGo(go, client, prepared));
  }
}
