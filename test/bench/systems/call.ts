/** Calls a JSON API. @throws with the answer where that is no success */
export type Caller = (method: string, path: string, body?: unknown) => Promise<unknown>;

export function callerOf(base: string, headers: Readonly<Record<string, string>>): Caller {
  return async (method, path, body) => {
    const answer = await fetch(`${base}${path}`, {
      method,
      headers: { ...headers, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text.slice(0, 1000)}`);
    return JSON.parse(text);
  };
}
