import type { Express } from 'express';

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width" />
    <title>Welcome to Millrace</title>
  </head>
  <body style="font: 1rem system-ui; max-width: 24rem; margin: 4rem auto; padding: 0 1rem">
    <h1>Welcome to Millrace</h1>
    <form id="welcome" style="display: grid; gap: 0.75rem">
      <label>Name <input name="name" autocomplete="name" required maxlength="200" /></label>
      <label>E-mail address, if this instance is to be yours <input name="email" type="email" autocomplete="email" /></label>
      <label>Password, 12 characters or more
        <input name="password" type="password" autocomplete="new-password" required minlength="12" maxlength="128" /></label>
      <button>Go in</button>
      <p id="trouble" role="alert"></p>
    </form>
    <script src="welcome/accept.js"></script>
  </body>
</html>
`;

/** The token stands behind the # of the link, which browsers send to no server. */
const script = `const form = document.getElementById('welcome');
form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const { name, email, password } = Object.fromEntries(new FormData(form));
  const answer = await fetch('api/v1/invitations/accept', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token: location.hash.slice(1), name, password, ...(email && { email }) }),
  });
  if (answer.ok) location.assign('./');
  else document.getElementById('trouble').textContent = (await answer.json()).error.message;
});
`;

/** Where an invitation's link leads: who one is, and a password. It needs no studio. */
export function serveWelcome(app: Express): void {
  app.get('/welcome', (_request, response) => void response.set('cache-control', 'no-store').type('html').send(page));
  app.get('/welcome/accept.js', (_request, response) => void response.type('js').send(script));
}
