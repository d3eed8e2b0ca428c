/** The set-up's own builder: plain JavaScript, which runs before anything is installed. */
const builder = new URL('../../../setup/program.mjs', import.meta.url).href;
const { ensureProgram } = (await import(builder)) as { ensureProgram(node: string): Promise<string> };

/** The command line as users run it, to be given to Node with its arguments. */
export const commandLine: string = await ensureProgram(process.execPath);
