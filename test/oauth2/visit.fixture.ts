/** A browser follows an address until it is sent back to the instance; answers where to. */
export async function visit(address: string, instance: string): Promise<string> {
  const cookies = new Map<string, string>();
  let url = address;
  while (!url.startsWith(instance)) {
    const header = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, { redirect: 'manual', headers: { cookie: header } });
    for (const set of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      cookies.set(name, value);
    }
    const next = response.headers.get('location');
    if (next === null) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
    url = new URL(next, url).href;
  }
  return url;
}
