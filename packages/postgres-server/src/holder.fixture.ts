/** A process that uses a server until it is killed: `node holder.fixture.ts embedded <home>` or `… scratch`. */
import { createScratchCluster, startEmbeddedPostgres } from './index.ts';

const [kind, home = ''] = process.argv.slice(2);
const { url } = kind === 'scratch' ? await createScratchCluster() : await startEmbeddedPostgres({ home });
console.log(url);
setInterval(() => undefined, 60_000);
