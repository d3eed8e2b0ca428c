import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { FlowDocument } from '../api/types.ts';
import { type Catalog, titleOf } from '../canvas/drawing.ts';
import { staleness } from '../editor/trial.ts';
import type { Trials } from './use-trials.ts';

/** What is to be said of the data of nodes: that it is pinned, or why it is old. */
export function useRemarks({ trial, pins }: Trials, flow: FlowDocument, catalog: Catalog): ReadonlyMap<string, string> {
  const { t } = useTranslation();
  return useMemo(() => {
    const remarkOf = (id: string) => {
      if (id in pins) return t('nodeView.pinnedShort');
      const stale = trial && staleness(id, trial, flow);
      if (!stale) return undefined;
      const title = stale.kind === 'before' ? titleOf(stale.node, flow, catalog) : '';
      return t(`nodeView.staleData`, { reason: t(`nodeView.stale.${stale.kind}`, { title }) });
    };
    return new Map(
      Object.keys(flow.nodes).flatMap((id) => {
        const remark = remarkOf(id);
        return remark === undefined ? [] : [[id, remark] as const];
      }),
    );
  }, [t, trial, pins, flow, catalog]);
}
