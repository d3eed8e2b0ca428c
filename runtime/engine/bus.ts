/** Durable news of a run; sent after the commit that made it true. */
export interface RunNews {
  readonly kind: 'run';
  readonly tenant: string;
  readonly run: string;
  readonly flowId: string;
  /** `accepted`: stored, not yet begun. */
  readonly status: 'accepted' | 'running' | 'waiting' | 'succeeded' | 'failed' | 'cancelled';
  /** ISO time. */
  readonly at: string;
}

export interface FlowNews {
  readonly kind: 'flow';
  readonly tenant: string;
  readonly flowId: string;
  readonly revision: number;
}

export type News = RunNews | FlowNews;

/** Tells this process's listeners what has become true. */
export interface Bus {
  publish(news: News): void;
  /** Returns the function that ends the subscription. */
  subscribe(listener: (news: News) => void): () => void;
}

export function createBus(): Bus {
  const listeners = new Set<(news: News) => void>();
  return {
    publish: (news) => {
      for (const listener of listeners) listener(news);
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
