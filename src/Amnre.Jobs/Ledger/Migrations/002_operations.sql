-- What a person may ask of experiments and jobs while they are under way, and after.

alter table amnre.experiments
  add column paused_at timestamptz,
  -- Running jobs of a paused experiment are asked to hand their work back.
  add column pause_drains boolean not null default false,
  add constraint drains_when_paused check (not pause_drains or paused_at is not null);

alter table amnre.jobs
  add column cancel_requested_at timestamptz,
  -- Failures of attempts up to this token no longer count: a person asked for the job to be tried again.
  add column budget_from bigint not null default 0,
  -- A person asked for it to be made although it is published, so no published result may stand in for it.
  add column anew boolean not null default false;

create index jobs_to_cancel on amnre.jobs (experiment_id) where cancel_requested_at is not null;

-- Why its submission decided that the job runs or is reused; "reason" says why it is in its present state.
alter table amnre.jobs add column because text;
