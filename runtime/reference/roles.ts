import { type ActionSpec, actionNames, type Role, roles, specOfAction } from '../auth/actions.ts';
import { planOfAction, plans, planTitles } from '../auth/plans.ts';
import type { Route } from '../http/route.ts';

const head = `# Roles

Made from the declared actions and routes by \`npm run docs\`; changes belong into \`runtime/auth/actions.ts\`. Whatever has no
action here, nobody may. An API key has a role, or may do the named actions alone.`;

const plansHead = `## Plans

A tenant's plan says what it may, whatever the roles of its members: ${plans.map((plan) => planTitles[plan]).join(', ')}, each with what
those before it have. Tenants have ${planTitles.open} at first, which has everything; the instance's owner gives another by
\`PUT /api/v1/tenants/:slug/plan\`, or \`millrace tenant plan acme enterprise\`. What is not listed every plan has. What was made
under a larger plan stays, works on, and is in what one pulls.`;

const kinds: Readonly<Record<ActionSpec['kind'], string>> = {
  reads: 'Nothing is written.',
  brings: 'A run or a signal is stored, which tells itself where it came from.',
  tries: 'What it would change is changed and undone.',
  changes: 'Leaves an entry in the audit.',
  own: 'For people, not for API keys. Leaves an entry in the audit of each tenant that the person belongs to.',
};

/** Who may do what, as Markdown: a table of roles and actions, then each action with what it is and its routes. */
export function rolesReference(routes: readonly Route[]): string {
  const table = [
    `| action | ${roles.join(' | ')} |`,
    `|---|${roles.map(() => ':-:|').join('')}`,
    ...actionNames.map((action) => `| \`${action}\` | ${roles.map(markOf(specOfAction(action).roles)).join(' | ')} |`),
  ];
  const planned = actionNames.flatMap((action) => {
    const needed = planOfAction[action];
    return needed ? [`| \`${action}\` | ${planTitles[needed]} |`] : [];
  });
  const sections = actionNames.map((action) => {
    const { summary, kind } = specOfAction(action);
    const served = routes.filter((route) => route.action === action).map(lineOf);
    return [`## \`${action}\``, `${summary}. ${kinds[kind]}`, ...(served.length > 0 ? [served.join('\n')] : [])].join(
      '\n\n',
    );
  });
  const open = routes.filter(({ action }) => action === 'anybody').map(lineOf);
  return `${[head, table.join('\n'), plansHead, ['| action | from this plan on |', '|---|---|', ...planned].join('\n'), ...sections, '## Without a key or session', open.join('\n')].join('\n\n')}\n`;
}

function markOf(allowed: readonly Role[]): (role: Role) => string {
  return (role) => (allowed.includes(role) ? '✓' : '');
}

function lineOf({ method, path, summary }: Route): string {
  return `- \`${method.toUpperCase()} /api/v1${path}\`: ${summary}`;
}
