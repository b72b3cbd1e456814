-- Published files that were found damaged or lost: their publication is withdrawn, and what made them runs again.

alter table amnre.attempts
  drop constraint attempts_outcome_check,
  add constraint attempts_outcome_check check (outcome in ('succeeded', 'drained', 'failed', 'cancelled', 'lost', 'damaged'));

-- One row for each publication that was withdrawn.
create table amnre.damages (
  -- Of the attempt whose files they are.
  token       bigint primary key references amnre.attempts,
  fingerprint text not null,
  -- The attempt that was to read them; null when somebody else looked.
  found_by    bigint references amnre.attempts,
  message     text not null,
  at          timestamptz not null default now()
);

create index damages_of_result on amnre.damages (fingerprint, token);

-- The folder of files that this ledger speaks of, known by what is written in it.
create table amnre.store (
  id            text not null check (id ~ '^[0-9a-f]{32}$'),
  folder        text not null,
  host          text not null,
  registered_at timestamptz not null default now()
);
create unique index store_once on amnre.store ((true));
