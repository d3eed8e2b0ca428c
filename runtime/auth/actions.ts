/** Roles of a tenant's members and of its API keys. Each may what those before it may, and more. */
export const memberRoles = ['viewer', 'operator', 'builder', 'admin'] as const;
export type MemberRole = (typeof memberRoles)[number];

/** All roles. Who owns the instance looks after its tenants; into a tenant he sees only as one of its members. */
export const roles = [...memberRoles, 'owner'] as const;
export type Role = (typeof roles)[number];

/** What an action does, and who may do it. */
export interface ActionSpec {
  readonly summary: string;
  readonly roles: readonly Role[];
  /**
   * `reads`: nothing is written. `brings`: a run, a signal or how a test went is stored, which itself tells where it came from.
   * `tries`: what it would change is changed and undone. `changes`: leaves an entry in the audit, in the transaction of the
   * change. `own`: is about the account of whoever does it, which belongs to no tenant; those that it is a member of have it in
   * their audit.
   */
  readonly kind: 'reads' | 'brings' | 'tries' | 'changes' | 'own';
}

const members: readonly Role[] = memberRoles;
const operators: readonly Role[] = ['operator', 'builder', 'admin'];
const builders: readonly Role[] = ['builder', 'admin'];
const admins: readonly Role[] = ['admin'];
const owners: readonly Role[] = ['owner'];

/**
 * Who may do what: the one place. A route or command names its action here, and what is not named nobody may.
 * `docs/roles.md` is made from it.
 */
export const actions = {
  'session.read': reads(members, 'See who one is'),
  'session.edit': own(roles, 'Change the own password and second factor'),
  'catalogue.read': reads(members, 'See which nodes and connection types there are'),
  'flows.read': reads(members, 'See flows, their triggers and settings, and export them'),
  'flows.check': reads(members, 'Have documents and expressions checked and evaluated; nothing is stored'),
  'flows.edit': changes(builders, 'Import flows and save drafts'),
  'flows.test': brings(operators, 'Have the tests of a flow run'),
  'flows.publish': changes(builders, 'Make versions of drafts'),
  'flows.deploy': changes(builders, 'Let a version serve, an earlier one again, or none'),
  'promotions.read': reads(members, 'See what is to go from the sandbox to production, and what has'),
  'promotions.plan': changes(builders, 'Plan a promotion'),
  'promotions.approve': changes(admins, 'Approve or reject a promotion'),
  'promotions.apply': changes(builders, 'Carry out an approved promotion, and take it back'),
  'promotions.rule': changes(admins, 'Say what a promotion needs'),
  'flows.pause': changes(operators, 'Hold a deployed flow, and let it go on'),
  'flows.run': brings(operators, 'Start a run by hand'),
  'templates.read': reads(members, 'See templates, and what an upgrade would change'),
  'templates.publish': changes(admins, 'Offer flows to others as templates, and withdraw them'),
  'templates.count': reads(admins, 'See how many clones of its templates all tenants have'),
  'templates.clone': changes(builders, 'Make flows of templates, and upgrade them'),
  'sources.poll': changes(operators, 'Poll a source at once'),
  'retention.set': changes(admins, 'Say for how long finished runs, their data and the audit are kept'),
  'runs.read': reads(members, 'See runs with their data and files, dead letters, and what happens as it happens'),
  'runs.cancel': changes(operators, 'End a run'),
  'runs.replay': changes(operators, 'Run again from a step'),
  'runs.redrive': changes(operators, 'Let failed runs go on'),
  'runs.discard': changes(operators, 'Set failed runs aside'),
  'signals.read': reads(members, 'See signals'),
  'signals.send': brings(operators, 'Send a signal to whoever waits for it'),
  'signals.match': changes(operators, 'Give a signal that nobody has taken to whoever waits'),
  'records.read': reads(members, 'See records with their history'),
  'code-tables.read': reads(members, 'See code tables'),
  'code-tables.edit': changes(builders, 'Change code tables'),
  'mappings.read': reads(members, 'See mappings in layers, and what the tenant has laid over them'),
  'mappings.edit': changes(builders, "Lay lines of the tenant's own over a mapping, in the sandbox"),
  'mappings.transform': changes(
    builders,
    'Change thereby how a field is made that the mapping or they have made already',
  ),
  'mappings.test': brings(operators, "Have the tests of a flow run with the tenant's own lines over its mappings"),
  'mappings.promote': changes(admins, 'Bring them from the sandbox to production, and take back earlier ones'),
  'connections.read': reads(members, 'See connections, without secrets'),
  'connections.edit': changes(builders, 'Create, change and delete connections'),
  'connections.test': brings(operators, 'Have a connection tried'),
  'connections.authorize': brings(builders, 'Authorise a connection at the other system'),
  'alerts.read': reads(members, 'See alerts and where they go'),
  'alerts.acknowledge': changes(operators, 'Say that an alert has been seen'),
  'alert-channels.edit': changes(admins, 'Say where alerts go, and try it'),
  'configuration.read': reads(members, 'See all that is set up, as one document without secrets'),
  'configuration.plan': tries(builders, 'See what pushing a configuration would do'),
  'configuration.push': changes(
    builders,
    'Push a configuration; each part needs the right to change such a thing besides',
  ),
  'erasures.plan': reads(admins, 'See what there is of a person'),
  'erasures.make': changes(admins, 'Erase what there is of a person'),
  'members.read': reads(admins, 'See who belongs to the tenant'),
  'members.edit': changes(admins, 'Invite members, change their roles, remove them'),
  'sign-in.read': reads(admins, 'See how members sign in'),
  'sign-in.edit': changes(admins, 'Set up single sign-on, and say who needs a second factor'),
  'keys.read': reads(admins, 'See which API keys there are'),
  'keys.edit': changes(admins, 'Make and revoke API keys'),
  'audit.read': reads(admins, 'See who has changed what'),
  'tenants.read': reads(owners, 'See which tenants there are'),
  'tenants.limit': changes(owners, 'Say how much a tenant may have'),
  'tenants.create': changes(owners, 'Make a tenant, and invite its first admin'),
} as const satisfies Readonly<Record<string, ActionSpec>>;

/** Name of an action: what it is about, and what is done with it. */
export type Action = keyof typeof actions;

/** What an audit tells that nobody has asked leave for: who has signed in, and who was refused. */
export type SessionEvent = 'session.begin' | 'session.refuse';

export const actionNames = Object.keys(actions) as readonly Action[];

export function specOfAction(action: Action): ActionSpec {
  return actions[action];
}

function reads(roles: readonly Role[], summary: string): ActionSpec {
  return { summary, roles, kind: 'reads' };
}

function brings(roles: readonly Role[], summary: string): ActionSpec {
  return { summary, roles, kind: 'brings' };
}

function tries(roles: readonly Role[], summary: string): ActionSpec {
  return { summary, roles, kind: 'tries' };
}

function changes(roles: readonly Role[], summary: string): ActionSpec {
  return { summary, roles, kind: 'changes' };
}

function own(roles: readonly Role[], summary: string): ActionSpec {
  return { summary, roles, kind: 'own' };
}
