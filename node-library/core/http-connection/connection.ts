import { defineConnection } from '@millrace/contract';
import { HttpConnection } from './config.ts';
import { oauth2Of } from './oauth2.ts';
import { probeHttp } from './probe.ts';

/** A system that is called by HTTP: where it is, and how it is logged in to. */
export default defineConnection({
  id: 'core/http',
  title: 'HTTP system',
  summary: 'A system that is called by HTTP, with its address and login.',
  config: HttpConnection,
  fromText: (baseUrl) => ({ baseUrl, auth: 'none' as const }),
  oauth2: oauth2Of,
  probe: probeHttp,
});
