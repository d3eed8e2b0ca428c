/** Words that JSONata reads as something else than the name of a field. */
const words = new Set(['and', 'or', 'in', 'true', 'false', 'null', 'function']);

/** The name of a field as a step of a JSONata path; one with a back-quote in it cannot be written between back-quotes. */
export function nameText(name: string): string {
  if (/^[A-Za-z_]\w*$/.test(name) && !words.has(name)) return name;
  return name.includes('`') ? `$lookup($, ${JSON.stringify(name)})` : `\`${name}\``;
}
