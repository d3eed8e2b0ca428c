-- What connections that log in by OAuth 2 have been granted: tokens, sealed as a connection's secrets are. Apart from the
-- connection, as they change by themselves.
create table millrace.connection_grant (
  connection_id  uuid primary key references millrace.connection on delete cascade,
  tenant_id      uuid not null references millrace.tenant,
  secret         bytea,                      -- { accessToken, refreshToken? }; null before the first
  wrapped_key    bytea,
  key_id         text,
  renew_at       timestamptz,                -- from then on a new access token is asked for; null: when it is refused
  expires_at     timestamptz,                -- of the access token, where the other side has said so
  renewed_at     timestamptz,
  ended          text,                       -- why the other side does not renew it any more
  holder         uuid,                       -- who asks for a new access token; until then nobody else does
  held_until     timestamptz,
  check ((secret is null) = (wrapped_key is null) and (secret is null) = (key_id is null))
);

-- Somebody is on the way to the other side, to authorise a connection. Whoever comes back must show the state, by its
-- hash, and be the same browser.
create table millrace.oauth2_authorization (
  state_hash     bytea primary key,
  tenant_id      uuid not null references millrace.tenant,
  connection_id  uuid not null references millrace.connection on delete cascade,
  browser_hash   bytea not null,
  verifier       text not null,              -- PKCE, RFC 7636
  redirect_uri   text not null,
  expires_at     timestamptz not null
);
create index oauth2_authorization_old on millrace.oauth2_authorization (tenant_id, expires_at);

do $$
declare t text;
begin
  foreach t in array array['connection_grant', 'oauth2_authorization'] loop
    execute format('alter table millrace.%I enable row level security, force row level security', t);
    execute format(
      'create policy tenant on millrace.%I to millrace_app using (tenant_id = any (nullif(current_setting(''app.tenants'', true), '''')::uuid[]))', t);
    execute format('grant select, insert, update, delete on millrace.%I to millrace_app', t);
  end loop;
end $$;

-- Whose state it is, is asked before the tenant is known; and under which keys tokens are sealed.
create policy scan on millrace.oauth2_authorization to millrace_scan using (true);
grant select (state_hash, tenant_id) on millrace.oauth2_authorization to millrace_scan;
create policy scan on millrace.connection_grant to millrace_scan using (true);
grant select (tenant_id, key_id) on millrace.connection_grant to millrace_scan;
