export { startEmbeddedPostgres } from '@millrace/postgres-server';
