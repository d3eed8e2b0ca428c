/**
 * The environment of a program that a test starts, without any settings of ours: where programs are, and where Node keeps
 * what it made of the sources, without which every start makes it again.
 */
export const plainEnvironment: NodeJS.ProcessEnv = {
  PATH: process.env.PATH,
  NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
};
