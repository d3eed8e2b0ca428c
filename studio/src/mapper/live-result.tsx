import type { Json } from '@millrace/contract';
import { createContext, type ReactNode, useContext } from 'react';
import type { Mapping } from './mapping.ts';
import { type LiveResult, type Surroundings, useEvaluation } from './use-evaluation.ts';

const Live = createContext<LiveResult>({ evaluation: undefined, pending: false, failure: null });

interface EvaluatedProps extends Surroundings {
  readonly mapping: Mapping;
  readonly children: ReactNode;
}

/** Evaluates a mapping for what is inside: a new result draws those anew that use it, and nothing else. */
export function Evaluated({ mapping, children, ...surroundings }: EvaluatedProps) {
  return <Live value={useEvaluation(mapping, surroundings)}>{children}</Live>;
}

export function useLive(): LiveResult {
  return useContext(Live);
}

/** What the mapping makes; nothing where it fails. */
export function useResult(): Json | undefined {
  const { evaluation } = useLive();
  return evaluation?.error ? undefined : evaluation?.result;
}
