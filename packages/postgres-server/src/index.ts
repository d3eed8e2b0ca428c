/** Runs the PostgreSQL that comes with Millrace: one that stays for an instance, and one thrown away after tests. */
export { type EmbeddedPostgres, type EmbeddedPostgresOptions, startEmbeddedPostgres } from './embedded.ts';
export { createScratchCluster, type ScratchCluster } from './scratch.ts';
