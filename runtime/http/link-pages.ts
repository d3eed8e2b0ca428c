import type { Express } from 'express';

/** Where a link leads that is good once: a form, which is sent with the link's token. It needs no studio. */
interface LinkPage {
  readonly path: string;
  readonly title: string;
  /** Below `api/v1/`. */
  readonly action: string;
  /** HTML; names of the fields are those of the body. What is left empty is not sent. */
  readonly fields: string;
  readonly button: string;
}

const newPassword = `<label>Password, 12 characters or more
        <input name="password" type="password" autocomplete="new-password" required minlength="12" maxlength="128" /></label>`;

const pages: readonly LinkPage[] = [
  {
    path: '/welcome',
    title: 'Welcome to Millrace',
    action: 'invitations/accept',
    fields: `<label>Name <input name="name" autocomplete="name" required maxlength="200" /></label>
      <label>E-mail address, if this instance is to be yours <input name="email" type="email" autocomplete="email" /></label>
      ${newPassword}
      <label>Code, if your account has a second factor <input name="code" autocomplete="one-time-code" maxlength="40" /></label>`,
    button: 'Go in',
  },
  {
    path: '/reset-password',
    title: 'A new password for Millrace',
    action: 'session/reset-password',
    fields: newPassword,
    button: 'Set it',
  },
];

function htmlOf({ title, action, fields, button }: LinkPage): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width" />
    <title>${title}</title>
  </head>
  <body style="font: 1rem system-ui; max-width: 24rem; margin: 4rem auto; padding: 0 1rem">
    <h1>${title}</h1>
    <form data-action="${action}" style="display: grid; gap: 0.75rem">
      ${fields}
      <button>${button}</button>
      <p id="trouble" role="alert"></p>
    </form>
    <script src="link-page.js"></script>
  </body>
</html>
`;
}

/** The token stands behind the # of the link, which browsers send to no server. */
const script = `const form = document.forms[0];
form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const given = [...new FormData(form)].filter(([, value]) => value !== '');
  const answer = await fetch('api/v1/' + form.dataset.action, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token: location.hash.slice(1), ...Object.fromEntries(given) }),
  });
  if (answer.ok) location.assign('./');
  else document.getElementById('trouble').textContent = (await answer.json()).error.message;
});
`;

/** The pages behind the links of invitations and of new passwords. */
export function serveLinkPages(app: Express): void {
  for (const page of pages)
    app.get(page.path, (_request, response) => {
      response.set('cache-control', 'no-store').type('html').send(htmlOf(page));
    });
  app.get('/link-page.js', (_request, response) => void response.type('js').send(script));
}
