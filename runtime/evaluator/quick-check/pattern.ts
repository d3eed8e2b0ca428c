import { RE2JS } from 're2js';
import type { Work } from './work.ts';

/**
 * What reads alike to RE2 and to JavaScript with the flag `u`: no `.` and no `\s` (they differ in what a line or a blank
 * is), no look-around, no back-reference, no escape but of punctuation.
 */
const alike = (() => {
  const escaped = String.raw`\\[dDwW^$\\.*+?()[\]{}|/]`;
  const range = String.raw`\[\^?(?:[^\\[\]]|${escaped}|\\-)+\]`;
  const group = String.raw`\((?:\?:|(?!\?))|\)`;
  const quantifier = String.raw`(?:[*+?]|\{\d{1,3}(?:,\d{0,3})?\})\??`;
  return new RegExp(String.raw`^(?:[^\\.[\](){}*+?]|${escaped}|${range}|${group}|${quantifier})*$`, 'u');
})();

/** States that RE2 follows for each character of a text for about what looking at a value costs. */
const statesAUnit = 8;

/** A test in linear time; nothing where that cannot be. */
export function linearPattern(source: string): ((text: string, work: Work) => boolean) | undefined {
  if (!alike.test(source)) return undefined;
  const compiled = compile(source);
  const states = compiled?.programSize() ?? 0;
  return (
    compiled &&
    ((text, work) => {
      work.spend((text.length * states) / statesAUnit);
      return compiled.matcher(text).find();
    })
  );
}

function compile(source: string): RE2JS | undefined {
  try {
    return RE2JS.compile(RE2JS.translateRegExp(source));
  } catch {
    return undefined;
  }
}
