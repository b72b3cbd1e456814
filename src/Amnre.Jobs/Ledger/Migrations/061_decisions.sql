-- Decisions: jobs that say which of the jobs behind them run.

alter table amnre.jobs
  drop constraint jobs_state_check,
  add constraint jobs_state_check check (state in
    ('waiting', 'ready', 'queued', 'running', 'succeeded', 'reused', 'failed', 'skipped', 'cancelled', 'pruned')),
  drop constraint finished_when_terminal,
  add constraint finished_when_terminal check
    ((finished_at is not null) = (state in ('succeeded', 'reused', 'failed', 'skipped', 'cancelled', 'pruned')));

-- The producer is a decision, and the reader runs only where it admits this branch.
alter table amnre.edges add column branch text;
-- The reader runs also where the producer was pruned, and does without its file.
alter table amnre.edges add column optional boolean not null default false;

-- What the attempt of a decision says of each branch; written with its publication.
create table amnre.decisions (
  token    bigint not null references amnre.attempts,
  branch   text not null,
  admitted boolean not null,
  reason   text not null,
  primary key (token, branch)
);
