import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useBundle, useEditing } from './editing.ts';
import type { ExpressionHelp } from './expression-help.ts';

/**
 * Help for the expressions of a node; nothing while it is being loaded, with the expression language.
 * @param isOfInput see `expressionHelp`
 */
export function useExpressionHelp(node: string, isOfInput: boolean): ExpressionHelp | undefined {
  const { catalog, connectionTypes } = useEditing();
  const { flow } = useBundle();
  const { data } = useQuery({
    queryKey: ['expression help'],
    queryFn: () => import('./expression-help.ts'),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return useMemo(() => {
    const catalogue = { nodes: [...catalog.values()], connections: connectionTypes };
    return data?.expressionHelp(flow, catalogue, node, isOfInput);
  }, [data, flow, catalog, connectionTypes, node, isOfInput]);
}
