/** An instance with so many tenants, each with twenty deployed flows. */
export interface TenantsFigures {
  readonly tenants: number;
  /** From the start of the server's process until it answers. */
  readonly startSeconds: number;
  /** Resident in the server's processes after all of the load. */
  readonly megabytes: number;
  /** Processor time of server and database, in microseconds: of the first request at each of all tenants' addresses. */
  readonly firstRequestCpu: number;
  /** The same of a later request, at an address of any of the tenants. */
  readonly requestCpu: number;
  /** The same of a schedule whose time has come, of any of the tenants. */
  readonly scheduleCpu: number;
  /** From the time of a schedule to its run, the slowest of ten together; of many such the middle, in milliseconds. */
  readonly scheduleMs: number;
}
