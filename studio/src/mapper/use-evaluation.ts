import { writeJson } from '@millrace/contract';
import { tablesNamed } from '@millrace/mapping';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useLayoutEffect, useMemo, useState } from 'react';
import type { Evaluation, Json } from '../api/types.ts';
import { useEnvironment } from '../app/environment.ts';
import { codeTablesQuery } from './code-tables.ts';
import type { Question } from './evaluate-sample.ts';
import { type EvaluationThread, evaluationThread } from './evaluation-thread.ts';
import { type Mapping, textsOf } from './mapping.ts';

export interface LiveResult {
  readonly evaluation: Evaluation | undefined;
  readonly pending: boolean;
  /** Code tables could not be read. */
  readonly failure: Error | null;
}

export interface Surroundings {
  /** JSON Schema of the result, where the mapping has one. */
  readonly target: Json | undefined;
  readonly input: Json | undefined;
  readonly bindings: Readonly<Record<string, Json>>;
  readonly now: string;
}

/** What a mapping makes of an input, at once and in the browser. */
export function useEvaluation(mapping: Mapping, { target, input, bindings, now }: Surroundings): LiveResult {
  const environment = useEnvironment();
  const names = [...new Set(textsOf(mapping).flatMap(tablesNamed))].sort();
  const { data: tables, error, isLoading } = useQuery(codeTablesQuery(names, environment));
  const isBlank = mapping.kind === 'text' && mapping.expression.trim() === '';
  const asked = useMemo(() => {
    if (input === undefined || isBlank || isLoading) return undefined;
    const question: Question = { mapping, target, input, bindings, tables: tables ?? {}, now };
    return writeJson(question as unknown as Json);
  }, [mapping, target, input, bindings, tables, now, isBlank, isLoading]);
  const [answered, setAnswered] = useState<{ readonly to: string; readonly evaluation: Evaluation }>();
  const thread = useThread();
  // Asked before the page is drawn, so that both are done at the same time.
  useLayoutEffect(() => {
    if (asked !== undefined) thread?.ask(asked, (evaluation) => setAnswered({ to: asked, evaluation }));
  }, [asked, thread]);
  return {
    evaluation: asked === undefined && isBlank ? undefined : answered?.evaluation,
    pending: asked !== undefined && answered?.to !== asked,
    failure: error,
  };
}

function useThread(): EvaluationThread | undefined {
  const [thread, setThread] = useState<EvaluationThread>();
  useEffect(() => {
    const started = evaluationThread();
    setThread(started);
    return started.end;
  }, []);
  return thread;
}
