import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { type AnswerTo, call } from '../api/client.ts';
import { queryClient } from '../api/query-client.ts';

export type Promotion = AnswerTo<'get /promotions/{id}'>;
export type PromotionSummary = AnswerTo<'get /promotions'>['promotions'][number];
export type PromotionRules = AnswerTo<'get /promotion-rules'>;

export const promotionsQuery = infiniteQueryOptions({
  queryKey: ['promotions'],
  queryFn: ({ pageParam }) => call('get /promotions', { query: { limit: 50, before: pageParam } }),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.next ?? undefined,
});

export const promotionQuery = (id: string) =>
  queryOptions({
    queryKey: ['promotion', id],
    queryFn: () => call('get /promotions/{id}', { params: { id } }),
    // It goes stale by whatever is moved in either environment.
    staleTime: 0,
  });

/** Something was done with a promotion, which is answered as it is then. */
export async function keepPromotion(promotion: Promotion): Promise<void> {
  queryClient.setQueryData(promotionQuery(promotion.id).queryKey, promotion);
  await Promise.all(['promotions', 'flows', 'flow'].map((key) => queryClient.invalidateQueries({ queryKey: [key] })));
}
