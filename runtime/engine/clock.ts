/** The database's time, as this process knows it between two looks. */
export interface Clock {
  now(): Date;
  /** Takes over a time that the database has just told. */
  observe(databaseNow: Date): void;
}

export function createClock(): Clock {
  let offset = Date.now() - performance.now();
  return {
    now: () => new Date(performance.now() + offset),
    observe: (databaseNow) => {
      offset = databaseNow.getTime() - performance.now();
    },
  };
}
