-- The ledger: what PostgreSQL remembers of experiments, jobs, attempts and results.
-- Every timestamp is this database's clock. Invariants that a row can show are checks; the rest are conditional updates.

create table amnre.experiments (
  id                  bigint generated always as identity primary key,
  name                text not null check (name ~ '^[A-Za-z0-9_-][A-Za-z0-9_.-]*$'),
  version             int not null check (version > 0),
  document            text not null,
  plan_digest         text not null,
  priority            int not null,
  state               text not null default 'running' check (state in ('running', 'succeeded', 'failed', 'cancelled')),
  submitted_at        timestamptz not null default now(),
  finished_at         timestamptz,
  cancel_requested_at timestamptz,
  unique (name, version),
  constraint finished_when_terminal check ((finished_at is not null) = (state <> 'running'))
);

create unique index experiments_one_unfinished on amnre.experiments (name) where finished_at is null;

create table amnre.jobs (
  id            bigint generated always as identity primary key,
  experiment_id bigint not null references amnre.experiments,
  ordinal       int not null check (ordinal >= 0),
  name          text not null,
  kind          text not null,
  fingerprint   text not null check (fingerprint ~ '^[0-9a-f]{64}$'),
  key           text not null,
  settings      text not null,
  outputs       jsonb not null,
  cpus          int not null check (cpus > 0),
  gpus          int not null check (gpus >= 0),
  memory_bytes  bigint not null check (memory_bytes >= 0),
  time_limit    interval,
  queue         text not null,
  priority      int not null,
  state         text not null check (state in
                  ('waiting', 'ready', 'queued', 'running', 'succeeded', 'reused', 'failed', 'skipped', 'cancelled')),
  reason        text,
  unmet         int not null check (unmet >= 0),
  not_before    timestamptz,
  queued_at     timestamptz,
  transport_id  bigint,
  token         bigint,
  finished_at   timestamptz,
  unique (experiment_id, name),
  unique (experiment_id, ordinal),
  constraint finished_when_terminal check
    ((finished_at is not null) = (state in ('succeeded', 'reused', 'failed', 'skipped', 'cancelled'))),
  constraint waiting_for_something check (state <> 'waiting' or unmet > 0),
  constraint nothing_unmet_when_runnable check (state not in ('ready', 'queued', 'running', 'succeeded') or unmet = 0),
  constraint queued_since check ((queued_at is not null) = (state = 'queued')),
  constraint token_when_run check (state not in ('running', 'succeeded') or token is not null)
);

create index jobs_ready on amnre.jobs (priority desc, id) where state = 'ready';
create index jobs_under_way on amnre.jobs (fingerprint) where state in ('queued', 'running');

-- One row per file pattern that a job reads of another; a producer may appear several times.
create table amnre.edges (
  job_id      bigint not null references amnre.jobs,
  ordinal     int not null,
  role        text not null,
  producer_id bigint not null references amnre.jobs,
  output      text not null,
  primary key (job_id, ordinal),
  constraint not_of_itself check (producer_id <> job_id)
);

create index edges_of_producer on amnre.edges (producer_id);

create table amnre.workers (
  id           text primary key,
  host         text not null,
  pid          int not null,
  slots        int not null check (slots > 0),
  kinds        text[] not null,
  slurm_id     text,
  started_at   timestamptz not null default now(),
  heartbeat_at timestamptz not null default now(),
  draining     boolean not null default false,
  ended_at     timestamptz
);

-- Fencing tokens grow with every claim in the whole ledger, so the greater token is always the later claim.
create sequence amnre.tokens;

create table amnre.attempts (
  token           bigint primary key,
  job_id          bigint not null references amnre.jobs,
  fingerprint     text not null,
  number          int not null check (number > 0),
  worker          text not null references amnre.workers,
  started_at      timestamptz not null default now(),
  lease_until     timestamptz not null,
  ended_at        timestamptz,
  outcome         text check (outcome in ('succeeded', 'drained', 'failed', 'cancelled', 'lost')),
  failure_class   text check (failure_class in ('user', 'resource', 'infrastructure', 'preempted')),
  message         text,
  progress        jsonb,
  worker_survived boolean not null default false,
  folded_at       timestamptz,
  unique (job_id, number),
  constraint ended_with_an_outcome check ((ended_at is null) = (outcome is null)),
  constraint failures_have_a_class check ((outcome in ('failed', 'lost')) = (failure_class is not null)),
  constraint folded_after_the_end check (folded_at is null or ended_at is not null)
);

create unique index attempts_one_open_per_job on amnre.attempts (job_id) where ended_at is null;
create unique index attempts_one_open_per_result on amnre.attempts (fingerprint) where ended_at is null;
create index attempts_to_fold on amnre.attempts (token) where ended_at is not null and folded_at is null;

create table amnre.artifacts (
  token       bigint not null references amnre.attempts,
  name        text not null,
  fingerprint text not null,
  path        text not null unique,
  bytes       bigint not null check (bytes >= 0),
  sha256      text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  measured    boolean not null,
  primary key (token, name)
);

create index artifacts_of_fingerprint on amnre.artifacts (fingerprint);

-- Which attempt's files stand for a fingerprint now.
create table amnre.publications (
  fingerprint  text primary key,
  token        bigint not null unique references amnre.attempts,
  published_at timestamptz not null default now()
);

create table amnre.events (
  id            bigint generated always as identity primary key,
  at            timestamptz not null default clock_timestamp(),
  experiment_id bigint references amnre.experiments,
  job_id        bigint references amnre.jobs,
  token         bigint,
  kind          text not null,
  message       text not null
);

create index events_of_experiment on amnre.events (experiment_id, id);

create table amnre.schedulers (
  id           text primary key,
  host         text not null,
  pid          int not null,
  address      text,
  leader       boolean not null default false,
  started_at   timestamptz not null default now(),
  heartbeat_at timestamptz not null default now()
);
