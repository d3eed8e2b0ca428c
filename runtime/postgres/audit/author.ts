/** Who makes a change. */
export interface Author {
  /** Name, for people. */
  readonly who: string;
  /** Of the person or API key. */
  readonly id: string | null;
  readonly by: 'person' | 'key' | 'command line' | 'instance';
  /** Network address that it comes from. */
  readonly address: string | null;
}

/** For what nobody has asked for. */
export const theInstance: Author = { who: 'Millrace', id: null, by: 'instance', address: null };
