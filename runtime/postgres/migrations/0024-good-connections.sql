-- Flows use a connection once a test was good with what it holds; and secrets are given up with a master key that is lost.
alter table millrace.connection
  add column revision integer not null default 0, -- counts what it has held
  add column proved_at timestamptz,               -- of the first good test of what it holds; null: none yet
  add column lost_key text;                       -- master key with which its secrets were given up; null: it has its secrets

-- When a flow last used it well; beside it, when it last worked at all.
alter table millrace.connection_health add column last_used_at timestamptz;

-- What works now is in use. All others are tested when they are used next.
alter table millrace.connection no force row level security;
alter table millrace.connection_health no force row level security;
update millrace.connection set proved_at = health.last_ok_at
from millrace.connection_health as health where health.connection_id = connection.id and health.ok;
alter table millrace.connection force row level security;
alter table millrace.connection_health force row level security;

-- A provider whose secret was given up lets nobody in before it is entered again.
alter table millrace.single_sign_on
  alter column secret drop not null,
  alter column wrapped_key drop not null,
  alter column key_id drop not null,
  add check ((secret is null) = (wrapped_key is null) and (secret is null) = (key_id is null));
