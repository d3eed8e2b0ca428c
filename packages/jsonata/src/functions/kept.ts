/** So many are remembered; what changes with the data must not pile up. */
const most = 200;

/** Results of a computation that depends on a text alone and is often asked for the same few. */
export class Kept<T> {
  private readonly results = new Map<string, T>();
  private readonly compute: (text: string) => T;

  constructor(compute: (text: string) => T) {
    this.compute = compute;
  }

  get(text: string): T {
    const known = this.results.get(text);
    if (known !== undefined) return known;
    const result = this.compute(text);
    if (this.results.size >= most) this.results.clear();
    this.results.set(text, result);
    return result;
  }
}
