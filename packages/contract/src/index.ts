export * from './connection.ts';
export * from './describe.ts';
export * from './error.ts';
export * from './json.ts';
export * from './node.ts';
export * from './pack.ts';
export * from './schema.ts';
