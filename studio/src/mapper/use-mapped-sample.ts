import type { Json } from '@millrace/contract';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { sessionQuery } from '../api/queries.ts';
import { useBundle, useEditing } from '../flows/editing.ts';
import { useNodeSample } from '../inspector/use-node-sample.ts';
import { sampleBindings } from './sample-bindings.ts';
import { type Sample, useSample } from './use-sample.ts';

interface MappedSample {
  readonly sample: Sample;
  /** What the mapping sees besides its input. */
  readonly bindings: Readonly<Record<string, Json>>;
  /** ISO time. */
  readonly now: string;
}

/** What a mapping is tried on: what its node got when the flow was tried last, or a sample of the flow. */
export function useMappedSample(node: string): MappedSample {
  const { t } = useTranslation();
  const { catalog, trials } = useEditing();
  const { flow, samples } = useBundle();
  const session = useQuery(sessionQuery).data;
  const [now] = useState(() => new Date().toISOString());
  const known = useNodeSample(node);
  const tried = trials.trial?.data.get(node)?.input === undefined ? undefined : known;
  const lastTry = t('mapper.lastTry');
  const sample = useSample(tried ? { [lastTry]: tried.input, ...samples } : samples);
  const { input } = sample;
  const { connections, parameters } = flow;
  // As one text, which stays the same while the flow is edited elsewhere.
  const triggers = Object.keys(flow.nodes)
    .filter((other) => catalog.get(flow.nodes[other]?.type ?? '')?.kind === 'trigger')
    .join('\n');
  const madeUp = useMemo(() => {
    const parts = {
      flow: { connections, parameters },
      session,
      triggers: triggers.split('\n').filter(Boolean),
      at: now,
    };
    return sampleBindings(input ?? null, parts);
  }, [input, connections, parameters, session, triggers, now]);
  return { sample, bindings: tried && sample.name === lastTry ? tried.bindings : madeUp, now };
}
