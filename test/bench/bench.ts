/** `npm run bench`: how fast Millrace is, on this machine, now; and others beside it. */
import { type DatabaseServer, startDatabaseServer } from './database/server.ts';
import { type BenchOptions, readOptions } from './options.ts';
import { profileParts } from './profile/profile.ts';
import { type About, describe } from './report/about.ts';
import { resultsText } from './report/document.ts';
import { lastRatios, record } from './report/last.ts';
import { regressionsOf } from './report/regressions.ts';
import type { Results } from './report/results.ts';
import { nameOf } from './report/series-table.ts';
import { figure } from './report/table.ts';
import { runRounds } from './rounds.ts';
import { type InstalledPeer, installPeer, type Peer, peerNames } from './systems/peers.ts';

// Everything that was started is ended when the process exits.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
const options = readOptions(process.argv.slice(2));
if (options.profile) await showProfile(options);
else process.exitCode = (await measureAll(options)) ? 0 : 1;

async function showProfile({ parts, seconds }: BenchOptions): Promise<void> {
  await profileParts(parts, seconds, (text) => console.log(text));
}

/** Answers whether all is well. */
async function measureAll(options: BenchOptions): Promise<boolean> {
  const peers = options.peers ? await Promise.all(peerNames.map(installPeer)) : [];
  const server = await startDatabaseServer();
  try {
    return judge(await describe(options, server.version, peers), await measured(options, server, peers), options);
  } finally {
    await server.stop();
  }
}

async function measured(options: BenchOptions, server: DatabaseServer, peers: readonly Peer[]): Promise<Results> {
  const installed = peers.filter((peer): peer is InstalledPeer => 'folder' in peer);
  const results = await runRounds(options, server, installed, {
    onCell: (cell) => console.log(`${cell.series}: ${nameOf(cell)}: ${figure(cell.measured.perSecond)} flows/s`),
    onFailure: ({ system, what, message }) => console.log(`${system}, ${what}, came to nothing: ${message}`),
  });
  const missing = peers.flatMap((peer) =>
    'missing' in peer ? [{ system: peer.name, what: 'installation', message: peer.missing }] : [],
  );
  return { ...results, failures: [...missing, ...results.failures] };
}

/** Shows the results beside the last ones; records them where they are complete and nothing became slower. */
function judge(about: About, results: Results, { complete, accept }: BenchOptions): boolean {
  const last = lastRatios(about);
  console.log(`\n${resultsText(results, last)}`);
  const regressions = regressionsOf(results.ratios, last);
  for (const { name, before, now } of regressions)
    console.log(`More than 25 % worse than recorded: ${name}: ${figure(now)}, was ${figure(before)}.`);
  const sound = results.failures.every(({ system }) => system !== 'Millrace');
  if (complete && sound && (accept || regressions.length === 0)) record(about, results, last);
  return sound && (accept || regressions.length === 0);
}
