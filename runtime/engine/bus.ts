import type { RunAnswer } from '@millrace/contract';

/** Durable news of a run; sent after the commit that made it true. */
export interface RunNews {
  readonly kind: 'run';
  readonly tenant: string;
  readonly run: string;
  readonly flowId: string;
  /** `accepted`: stored, not yet begun. */
  readonly status: 'accepted' | 'running' | 'waiting' | 'succeeded' | 'failed' | 'cancelled';
  /** What the run answers to the request that started it is stored from now on. */
  readonly answered?: true;
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

/** Tells who listens in this process what has become true, here or in another process. */
export interface Bus {
  /**
   * Something has become true here; other processes are told.
   * @param answer what the run has answered, for whoever waits for that in this process
   */
  publish(news: News, answer?: RunAnswer): void;
  /** Another process has told. */
  hear(news: News): void;
  /** Returns the function that ends the subscription. */
  subscribe(listener: Listener): () => void;
}

type Listener = (news: News, answer?: RunAnswer) => void;

export function createBus(tellOthers: (news: News) => void = () => undefined): Bus {
  const listeners = new Set<Listener>();
  const tell: Listener = (news, answer) => {
    for (const listener of listeners) listener(news, answer);
  };
  return {
    hear: (news) => tell(news),
    publish: (news, answer) => {
      tell(news, answer);
      tellOthers(news);
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
