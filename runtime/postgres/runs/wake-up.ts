/** A run that somebody should look at. */
export interface WakeUp {
  readonly run: string;
  readonly tenant: string;
}
