import { ExactNumber, isObject, type Json, readJson } from '@millrace/contract';
import { scan } from '@millrace/jsonata';
import { sameTokens } from './cut.ts';

/** JSON as JSONata text. JSONata's own numbers are doubles, so an exact number is written `$money("…")`. */
export function literalText(value: Json): string {
  if (value instanceof ExactNumber) return `$money("${value.digits}")`;
  if (Array.isArray(value)) return `[${value.map(literalText).join(', ')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const fields = Object.entries(value).map(([key, inner]) => `${JSON.stringify(key)}: ${literalText(inner)}`);
  return `{${fields.join(', ')}}`;
}

/** The JSON that a text written by {@link literalText} stands for. */
export function readLiteral(text: string): Json | undefined {
  const value = read(text);
  return value !== undefined && sameTokens(literalText(value), text) ? value : undefined;
}

function read(text: string): Json | undefined {
  try {
    return readJson(withoutMoney(text));
  } catch {
    return undefined;
  }
}

/** `$money("1")` as `1`. */
function withoutMoney(text: string): string {
  const tokens = scan(text);
  const isCall = (at: number) => tokens[at]?.text === '$money';
  return tokens
    .map((token, at) => {
      if (isCall(at) || isCall(at - 1) || isCall(at - 3)) return '';
      return isCall(at - 2) ? token.text.slice(1, -1) : token.text;
    })
    .join('');
}
