import { fileURLToPath } from 'node:url';
import { startSandboxErp } from '@millrace/pack-dropzone/sandbox';
import { startAlerts } from './alerts/start-alerts.ts';
import { type Auth, openAuth } from './auth/auth.ts';
import { invitationLink } from './auth/invitations.ts';
import type { Config } from './config/settings.ts';
import { startConnectionUpkeep } from './connections/upkeep.ts';
import { startDemo } from './demo/demo.ts';
import type { Engine, Foundation } from './engine/engine.ts';
import { startEngine } from './engine/start.ts';
import { openSuites } from './flow-tests/suites.ts';
import { startHistory } from './history/start-history.ts';
import { createHttpServer } from './http/server.ts';
import { type Instance, openInstance } from './instance.ts';
import { createLog } from './log.ts';
import { publicUrlOf } from './public-url.ts';
import { shipped } from './shipped.ts';
import { version } from './version.ts';

const studioFolder = fileURLToPath(new URL('../studio/dist', import.meta.url));

export interface Millrace {
  /** Where the studio, the API and the webhooks are, in a process that serves them. */
  readonly url?: string;
  /** Lets present work come to rest and closes everything. */
  stop(): Promise<void>;
}

export interface StartOptions {
  /** Set up the demo tenant with its sandbox ERP. */
  readonly demo: boolean;
  readonly out: NodeJS.WritableStream;
}

/** Starts this process with its roles: the engine's part, and where it has that role the API with the studio. */
export async function startMillrace(config: Config, options: StartOptions): Promise<Millrace> {
  const log = createLog(config.logLevel, process.stderr);
  const instance = await openInstance({ config, log, tell: (line) => options.out.write(`${line}\n`) });
  const engine = await startEngine(instance.foundation);
  const upkeep = startUpkeep(config, instance.foundation);
  const closeAll = async (): Promise<void> => {
    await Promise.all(upkeep.map((one) => one.stop()));
    await engine.stop();
    await instance.close();
  };
  const api = await serveApi(config, instance, engine, options).catch(async (error: unknown) => {
    await closeAll();
    throw error;
  });
  return {
    ...api,
    async stop() {
      await api.stop();
      await closeAll();
    },
  };
}

/** As long as nobody owns the instance, each start prints the link by which somebody may. */
async function askForOwner(auth: Auth, url: string, out: NodeJS.WritableStream): Promise<void> {
  const token = await auth.invitations.inviteOwner();
  if (token === undefined) return;
  out.write(`Nobody owns this instance yet. Whoever opens this link first does, within a day:\n`);
  out.write(`  ${invitationLink(url, token)}\n`);
}

/** What looks after the instance in the background; any number of processes may. */
function startUpkeep(
  { roles, history, mailServer }: Config,
  foundation: Foundation,
): readonly { stop(): Promise<void> }[] {
  if (!roles.includes('timer')) return [];
  return [
    startHistory(foundation, history),
    startAlerts({ ...foundation, mailServer }),
    startConnectionUpkeep(foundation),
  ];
}

async function serveApi(
  config: Config,
  { foundation, url: databaseUrl }: Instance,
  engine: Engine,
  { demo: withDemo, out }: StartOptions,
): Promise<Millrace> {
  if (!config.roles.includes('api')) {
    out.write(`Millrace works as ${config.roles.join(', ')}.\n`);
    return { stop: async () => undefined };
  }
  const { database, masterKeys, network, log } = foundation;
  const { tls, trustedProxies, metricsToken, mailServer } = config;
  const publicUrl = publicUrlOf(config);
  const auth = await openAuth({ url: databaseUrl, database, masterKeys, network, mailServer, publicUrl, log });
  const suites = openSuites({ ...config, databaseUrl });
  const api = {
    ...foundation,
    engine,
    auth,
    suites,
    shipped,
    version,
    demo: withDemo,
    publicUrl: config.publicUrl,
    studioFolder,
    tls,
    trustedProxies,
    metricsToken,
  };
  const http = createHttpServer(api);
  const port = await http.listen(config.port, config.host).catch(async (error: unknown) => {
    await auth.close();
    throw error;
  });
  const url = publicUrlOf({ ...config, port });
  await askForOwner(auth, url, out);
  const demo = withDemo && startDemo({ foundation, auth, url, out, startErp: startSandboxErp });
  return {
    url,
    async stop() {
      if (demo) await demo.stop();
      await suites.close();
      await http.close();
      await auth.close();
    },
  };
}
