import type { Command } from 'commander';
import { loadConfig } from '../config/load.ts';

/** `millrace serve`: runs this instance until it is told to stop, then drains. */
export function addServe(program: Command): void {
  program
    .command('serve')
    .description('run this instance: studio, API, webhooks and engine')
    .option('--demo', 'set up the demo tenant once and send its sample order, where MILLRACE_DEMO allows it')
    .option('--roles <list>', 'what this process does: api,worker,timer,watcher (as MILLRACE_ROLES)')
    .action(async ({ demo = false, roles }: { demo?: boolean; roles?: string }) => {
      const environment = roles === undefined ? process.env : { ...process.env, MILLRACE_ROLES: roles };
      const config = loadConfig(environment, process.cwd());
      const stopAsked = stopSignal();
      const { startMillrace } = await import('../main.ts');
      const millrace = await startMillrace(config, { demo: demo && config.demo, out: process.stdout });
      await stopAsked;
      await millrace.stop();
    });
}

/**
 * Resolves at the first SIGINT, SIGTERM or SIGHUP. A later one, of somebody who does not want to wait, ends the process
 * at once; what comes within a second is the same Ctrl-C, sent by the terminal and by npm.
 */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    let first: number | undefined;
    const onSignal = () => {
      first ??= Date.now();
      if (Date.now() - first > 1000) process.exit(130);
      resolve();
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, onSignal);
  });
}
