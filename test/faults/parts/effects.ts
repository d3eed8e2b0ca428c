/** Something that was done outside, as the receiver has written it down. */
export interface Effect {
  /** Last part of the address that it was sent to. */
  readonly stage: string;
  readonly key: string;
  /** How often the key has come so far, refusals included. */
  readonly attempt: number;
  /** SHA-256 of the body. */
  readonly hash: string;
  readonly order: string;
  /** Of the flow, where the body names it. */
  readonly version?: number;
  /** Milliseconds of the epoch. */
  readonly at: number;
}

/** How the receiver treats a stage from now on. */
export interface Behaviour {
  /** Answers so much later than it has written the effect down. */
  readonly delayMs?: number;
  /** Part (0 to 1) of the keys whose first attempt gets 503 and is no effect. */
  readonly refused?: number;
  /** Answers nothing until the stage behaves otherwise. */
  readonly hold?: boolean;
}
