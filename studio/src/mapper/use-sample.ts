import { type Json, readJson, writeJson } from '@millrace/contract';
import { useMemo, useState } from 'react';

export interface Sample {
  /** Of those among which there is a choice. */
  readonly names: readonly string[];
  readonly name: string | null;
  readonly choose: (name: string) => void;
  readonly text: string;
  readonly type: (text: string) => void;
  readonly edited: boolean;
  /** Nothing while the text is not JSON. */
  readonly input: Json | undefined;
  readonly wrong: string | undefined;
}

/** The input of a mapping: one of the samples, the first to begin with, or what is typed over it. */
export function useSample(samples: Readonly<Record<string, unknown>>): Sample {
  const names = Object.keys(samples);
  const [name, setName] = useState(names[0] ?? null);
  const [typed, setTyped] = useState<string>();
  const original = writeJson((name === null ? {} : samples[name]) as Json, 2);
  const text = typed ?? original;
  const read = useMemo(() => readOrFail(text), [text]);
  const choose = (next: string) => {
    setName(next);
    setTyped(undefined);
  };
  return { names, name, choose, text, type: setTyped, edited: text !== original, ...read };
}

function readOrFail(text: string): Pick<Sample, 'input' | 'wrong'> {
  try {
    return { input: readJson(text), wrong: undefined };
  } catch (error) {
    return { input: undefined, wrong: (error as Error).message };
  }
}
