import { MillraceError } from '@millrace/contract';
import { type Action, actionNames, type MemberRole, memberRoles, type Role, specOfAction } from './actions.ts';

/** What somebody may do: all that a role may, or (an API key) the named actions alone. */
export interface Rights {
  readonly roles: readonly Role[];
  readonly actions: readonly Action[];
  /** What has to be done before there is more: completes “you have only … until …”. */
  readonly until?: string;
}

/** Scope of an API key as it is asked for. */
export type KeyScope = { readonly role: MemberRole } | { readonly actions: readonly Action[] };

export function allows({ roles, actions }: Rights, action: Action): boolean {
  return actions.includes(action) || specOfAction(action).roles.some((role) => roles.includes(role));
}

/** @throws {MillraceError} `ACTION_NOT_ALLOWED`, naming what is needed and what there is */
export function requireAllowed(rights: Rights, action: Action): void {
  if (allows(rights, action)) return;
  const needed = specOfAction(action).roles;
  throw new MillraceError(
    'ACTION_NOT_ALLOWED',
    `“${action}” needs the role ${inWords(needed)}; you have ${described(rights)}.`,
    { category: 'auth', details: { action, roles: [...needed] } },
  );
}

/**
 * Nobody gives what they do not have.
 * @throws {MillraceError} `ACTION_NOT_ALLOWED` naming the first action that is not theirs
 */
export function requireGrantable(rights: Rights, scope: KeyScope): void {
  const given = 'role' in scope ? { roles: [scope.role], actions: [] } : { roles: [], actions: scope.actions };
  for (const action of actionNames) if (allows(given, action)) requireAllowed(rights, action);
}

/** As better-auth stores it with a key: groups of names. */
export function permissionsOf(scope: KeyScope): Record<string, string[]> {
  return 'role' in scope ? { roles: [scope.role] } : { actions: [...scope.actions] };
}

/** What is not known any more, or was never given, is no right. */
export function rightsOf(permissions: Readonly<Record<string, readonly string[]>> | null | undefined): Rights {
  const { roles = [], actions = [] } = permissions ?? {};
  return { roles: roles.filter(isMemberRole), actions: actions.filter(isAction) };
}

export function isMemberRole(text: string): text is MemberRole {
  return memberRoles.some((role) => role === text);
}

export function isAction(text: string): text is Action {
  return actionNames.some((action) => action === text);
}

function described({ roles, actions, until }: Rights): string {
  if (roles.length > 0) return `the role ${roles.join(' and ')}`;
  const named = actions.length > 0 ? `only ${actions.join(', ')}` : 'no role';
  return until === undefined ? named : `${named} until ${until}`;
}

function inWords(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}
