/** What tests share. */
export { createDatabase, type DatabaseOptions, type TestDatabase } from './database.ts';
