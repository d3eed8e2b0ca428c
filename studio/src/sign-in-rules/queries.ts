import { queryOptions } from '@tanstack/react-query';
import { type AnswerTo, call } from '../api/client.ts';

export type SignInRules = AnswerTo<'get /sign-in'>;
export type SingleSignOn = NonNullable<SignInRules['singleSignOn']>;

export const signInRulesQuery = queryOptions({ queryKey: ['sign-in'], queryFn: () => call('get /sign-in') });
