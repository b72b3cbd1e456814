-- What workers compute on, and what each attempt was computed on. Networks trained on two kinds of device differ in their last digits.

-- processor, family, vectors, kernels, torch, gpu; of an attempt also threads, and no gpu where the job asked for none. Null where it was not said.
alter table amnre.workers add column device jsonb;
alter table amnre.attempts add column device jsonb;

-- A training that was begun goes on only on the kind of device that it was begun on.
alter table amnre.jobs add column same_kind boolean not null default false;

-- Devices of one kind give the same bytes. Null where the device is not known.
create function amnre.kind_of(device jsonb) returns text language sql immutable
  as $$ select nullif(concat_ws(' / ', device ->> 'family', device ->> 'vectors', device ->> 'kernels', device ->> 'gpu'), '') $$;

-- The same for people.
create function amnre.device_text(device jsonb) returns text language sql immutable
  as $$ select concat_ws(', ', device ->> 'processor', device ->> 'vectors', 'kernels by ' || nullif(device ->> 'kernels', 'processor'), device ->> 'gpu') $$;

create index attempts_of_result on amnre.attempts (fingerprint, token);

-- The attempts that the attempt after them could resume: those since the last success that got anywhere, before the given token.
create function amnre.resumable(result text, before bigint) returns setof amnre.attempts language sql stable
  as $$
    select a.* from amnre.attempts a
    where a.fingerprint = result and a.token < before and a.device is not null and a.outcome is distinct from 'succeeded'
      and (a.outcome = 'drained' or (a.progress ->> 'done')::double precision > 0)
      and a.token > coalesce((select max(s.token) from amnre.attempts s where s.fingerprint = result and s.token < before and s.outcome = 'succeeded'), 0)
  $$;

-- The kind of device that the state of a result under way was computed on.
create function amnre.begun_on(result text) returns text language sql stable
  as $$ select amnre.kind_of(a.device) from amnre.resumable(result, 9223372036854775807) a order by a.token desc limit 1 $$;
