-- Allocations of a batch system that the scheduler asks for by demand, and what workers tell of themselves for it.

alter table amnre.workers
  -- Of the program that it runs.
  add column version      text,
  -- Longest time that saving a job's state took so far: how far ahead of its allocation's end a worker must be told.
  add column save_seconds double precision check (save_seconds >= 0),
  -- GPUs as last seen, an array of {index, name, memory_used, memory_total, utilization}.
  add column gpus         jsonb;

create index workers_of_allocation on amnre.workers (slurm_id) where slurm_id is not null;

-- Names this ledger's allocations in a queue that others use too.
create table amnre.ledger_name (name text not null);
create unique index ledger_name_once on amnre.ledger_name ((true));
insert into amnre.ledger_name values (left(md5(random()::text || clock_timestamp()::text), 8));

-- A kind of allocation and how many of it there may be. A pool that is down keeps its settings.
create table amnre.pools (
  name       text primary key check (name ~ '^[A-Za-z0-9_-]{1,40}$'),
  settings   jsonb not null,
  up         boolean not null,
  changed_at timestamptz not null default now(),
  -- What the scheduler decided last, and why.
  decision   text,
  decided_at timestamptz,
  -- Submissions and allocations that came to nothing, in a row; no new one before that time.
  failures   int not null default 0 check (failures >= 0),
  not_before timestamptz
);

create table amnre.allocations (
  slurm_id     text primary key,
  pool         text not null references amnre.pools,
  state        text not null default 'pending' check (state in ('pending', 'running', 'ended')),
  reason       text,
  submitted_at timestamptz not null default now(),
  started_at   timestamptz,
  ends_at      timestamptz,
  seen_at      timestamptz not null default now(),
  leaving_at   timestamptz,
  ended_at     timestamptz,
  constraint ended_when_over check ((ended_at is not null) = (state = 'ended'))
);

create index allocations_open on amnre.allocations (pool) where ended_at is null;
