export { isSlowJson, readJsonOfAnySize } from './large-json.ts';
export { type DocumentReader, readInThread } from './read-in-thread.ts';
