import { type Json, MillraceError } from '@millrace/contract';
import type { Static, TSchema } from 'typebox';
import Value from 'typebox/value';

/** An act of a flow test's script. @throws {MillraceError} `SANDBOX_ACT_UNKNOWN` naming those that there are */
export function checkedAct<S extends TSchema>(schema: S, act: Json, known: string): Static<S> {
  if (Value.Check(schema, act)) return act;
  throw new MillraceError('SANDBOX_ACT_UNKNOWN', `The object store's acts are ${known}.`);
}
