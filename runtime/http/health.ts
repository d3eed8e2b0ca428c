import Type from 'typebox';
import { type Api, ok, route } from './route.ts';

export const healthRoutes = [
  route({
    method: 'get',
    path: '/health',
    action: 'anybody',
    tag: 'Instance',
    summary: 'Is the instance well',
    answers: {
      200: {
        description: 'It answers; `degraded` where it can do nothing else',
        schema: Type.Object({
          status: Type.Union([Type.Literal('ok'), Type.Literal('degraded')]),
          version: Type.String(),
          database: Type.Union([Type.Literal('ok'), Type.Literal('unreachable')]),
          uptimeSeconds: Type.Integer(),
        }),
      },
    },
    async handle(_call, api) {
      const database = await databaseState(api);
      return ok({
        status: database === 'ok' ? 'ok' : 'degraded',
        version: api.version,
        database,
        uptimeSeconds: Math.floor(process.uptime()),
      });
    },
  }),
];

const patienceMs = 3000;

async function databaseState({ database }: Api): Promise<'ok' | 'unreachable'> {
  const asked = database.now().then(
    () => 'ok' as const,
    () => 'unreachable' as const,
  );
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<'unreachable'>((resolve) => {
    timer = setTimeout(() => resolve('unreachable'), patienceMs);
  });
  return Promise.race([asked, tooLate]).finally(() => clearTimeout(timer));
}
