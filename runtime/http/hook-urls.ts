import type { IncomingMessage } from 'node:http';
import type { FlowDocument } from '@millrace/flow';
import { routesOf } from '../flows/routes.ts';
import type { FlowPlace } from '../flows/services.ts';
import { hooksOf } from './hooks.ts';
import type { Api } from './route.ts';

export interface HookUrl {
  readonly node: string;
  readonly method: string;
  readonly url: string;
}

/** The addresses under which a flow's webhooks are reached, as the caller reaches us where nothing else is set. */
export function hookUrlsOf(
  flow: FlowDocument,
  { tenant, environment }: Pick<FlowPlace, 'tenant' | 'environment'>,
  { catalogue, publicUrl }: Pick<Api, 'catalogue' | 'publicUrl'>,
  raw: IncomingMessage,
): HookUrl[] {
  const base = `${publicUrl ?? `http://${raw.headers.host}`}${hooksOf(environment)}/${tenant.slug}`;
  return routesOf(flow, catalogue).map(({ node, method, path }) => ({ node, method, url: `${base}/${path}` }));
}
