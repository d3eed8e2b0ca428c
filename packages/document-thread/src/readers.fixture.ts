import { type Json, MillraceError, readJson } from '@millrace/contract';

export function read(text: string, times = 1): Json {
  return Array.from({ length: times }, () => readJson(text));
}

export function refuse(text: string): Json {
  throw new MillraceError('REFUSED', `“${text}” is refused.`, {
    category: 'server',
    pointer: '/a',
    details: { line: 1 },
  });
}

export function hoard(): Json {
  const all: Json[] = [];
  for (;;) all.push({ n: all.length, s: [all.length] });
}

export function environment(): Json {
  return Object.keys(process.env);
}
