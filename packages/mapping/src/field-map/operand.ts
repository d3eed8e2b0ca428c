import { tokensOf, unwrap } from './cut.ts';

/** Whether a text can stand before `??` as it is; otherwise it needs parentheses. */
export function isTight(text: string): boolean {
  const inner = unwrap(text, '(');
  if (inner !== undefined) return inner !== '' && isTight(inner);
  const outside = tokensOf(text).filter(({ depth }) => depth === 0);
  return outside.length > 0 && outside.every(({ kind, text: word }) => kind !== 'operator' && !words.has(word));
}

const words = new Set(['and', 'or', 'in']);
