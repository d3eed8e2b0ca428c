import { Expression } from '@millrace/contract';
import Type from 'typebox';

/** The config field that names an object. */
export function Key(description: string, example: string) {
  return Expression(Type.String({ title: 'Key', description, minLength: 1, maxLength: 1024, examples: [example] }));
}
