import type { Json } from '@millrace/contract';
import Type, { type Static } from 'typebox';
import type { Decision } from '../templates/merge-upgrade.ts';
import { upgradeAll } from '../templates/upgrade-all.ts';
import { upgradeClone } from '../templates/upgrade-clone.ts';
import { planUpgrade, type UpgradePlan } from '../templates/upgrade-plan.ts';
import { versionNumber } from '../templates/version-number.ts';
import { ok, type Route, route } from './route.ts';
import { FlowId, Problem } from './schemas.ts';
import { TemplateAddress } from './templates.ts';
import { ChangeShown, told } from './versions.ts';

const closed = { additionalProperties: false };
const Version = Type.String({ pattern: versionNumber, description: 'Of the template; the newest where left out' });

const place = {
  kind: Type.Enum(['value', 'order'], { description: 'What stands there, or the order of a list’s items' }),
  pointer: Type.String({ description: 'Into the bundle; items with a name are named in it by that' }),
};
const DecisionShown = Type.Object(
  {
    ...place,
    take: Type.Enum(['mine', 'theirs', 'value']),
    value: Type.Optional(Type.Unknown({ description: 'With `value`; nothing is to stand there where it is left out' })),
  },
  closed,
);
const ConflictShown = Type.Object({
  ...place,
  base: Type.Optional(Type.Unknown()),
  mine: Type.Optional(Type.Unknown()),
  theirs: Type.Optional(Type.Unknown()),
  among: Type.Optional(Type.Array(Type.String())),
  decision: Type.Optional(DecisionShown),
});
const plan = {
  template: Type.String(),
  from: Type.String(),
  to: Type.String(),
  revision: Type.Integer({ description: 'Of the draft' }),
  isCurrent: Type.Boolean({ description: 'There is nothing to upgrade' }),
  changes: Type.Array(ChangeShown, {
    description: 'What becomes of the draft; conflicts not decided leave it as it is',
  }),
  conflicts: Type.Array(ConflictShown, { description: 'What both have changed, each in its own way' }),
  problems: Type.Array(Problem, { description: 'Of what becomes of the draft' }),
};
const params = Type.Object({ id: FlowId });

/** Clones that follow their templates. */
export const upgradeRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/flows/:id/upgrade',
    action: 'templates.read',
    tag: 'Templates',
    summary: 'What an upgrade of a clone would change',
    params,
    query: Type.Object({ to: Type.Optional(Version) }, closed),
    answers: { 200: { description: 'The plan, with what is decided already', schema: Type.Object(plan) } },
    handle: async ({ params: { id }, query: { to }, identity: { tenant } }, api) =>
      ok(shown(await planUpgrade(api, tenant, id, to))),
  }),
  route({
    method: 'post',
    path: '/flows/:id/upgrade',
    action: 'templates.clone',
    tag: 'Templates',
    summary: 'Upgrade a clone, or decide conflicts of it',
    description:
      'Conflicts may be decided in any number of calls. Until the last one is, the draft stays as it is; then all is done ' +
      'at once. A decision holds as long as what it decides between is the same.',
    params,
    body: Type.Object(
      {
        to: Type.Optional(Version),
        revision: Type.Integer({ minimum: 1, description: 'Of the draft, as the plan has it' }),
        decisions: Type.Optional(Type.Array(DecisionShown, { maxItems: 10_000 })),
      },
      closed,
    ),
    answers: {
      200: {
        description: 'Done, or what is still to be decided',
        schema: Type.Object({ ...plan, done: Type.Boolean() }),
      },
    },
    async handle({ params: { id: flowId }, body: { decisions = [], ...body }, identity: { tenant } }, api) {
      const { done, ...after } = await upgradeClone(api, tenant, {
        flowId,
        ...body,
        decisions: decisions.map(decisionOf),
      });
      return ok({ ...shown(after), done });
    },
  }),
  route({
    method: 'post',
    path: '/templates/:id/upgrade',
    action: 'templates.clone',
    tag: 'Templates',
    summary: 'Upgrade all clones of a template that the tenant has',
    description: 'Those that merge without conflicts, into a flow without errors; the others are left as they are.',
    params: TemplateAddress,
    body: Type.Object({ to: Type.Optional(Version) }, closed),
    answers: {
      200: {
        description: 'What has become of each',
        schema: Type.Object({
          upgraded: Type.Array(Type.Object({ flow: FlowId, from: Type.String(), revision: Type.Integer() })),
          current: Type.Array(FlowId),
          left: Type.Array(
            Type.Object({ flow: FlowId, from: Type.String(), code: Type.String(), message: Type.String() }),
          ),
        }),
      },
    },
    handle: async ({ params: { id }, body: { to }, identity: { tenant } }, api) =>
      ok(await upgradeAll(api, tenant, id, to)),
  }),
];

function decisionOf({ value, ...decision }: Static<typeof DecisionShown>): Decision {
  return { ...decision, ...(value !== undefined && { value: value as Json }) };
}

function shown({ changes, ...plan }: UpgradePlan) {
  return { ...plan, changes: changes.map(told) };
}
