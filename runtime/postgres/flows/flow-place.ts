/** A flow in an environment of a tenant (by id), where it is deployed. */
export interface FlowPlace {
  readonly tenant: string;
  readonly environment: string;
  readonly flowId: string;
}
