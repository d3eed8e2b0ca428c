import Type, { type Static } from 'typebox';

/** A version of what another system speaks: one to three numbers with dots, such as `2.3`. */
export const versionPattern = '^\\d{1,9}(\\.\\d{1,9}){0,2}$';

/** A version of another system's data, and whether it is in use: in use until its sunset, or out of use. */
export const SystemVersion = Type.Object({
  version: Type.String({ pattern: versionPattern }),
  status: Type.Union([Type.Literal('ACTIVE'), Type.Literal('DEPRECATED'), Type.Literal('RETIRED')]),
  /** Day from which a deprecated version counts as retired, such as 2027-06-30. */
  sunset: Type.Optional(Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' })),
  /** How to move on from the version before. */
  notes: Type.Optional(Type.String({ maxLength: 10_000 })),
});
export type SystemVersion = Static<typeof SystemVersion>;
export type VersionStatus = SystemVersion['status'];
