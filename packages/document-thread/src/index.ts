export { type DocumentReader, readInThread } from './read-in-thread.ts';
