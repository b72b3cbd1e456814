-- The trace that a submission began (W3C traceparent), and of a job that was handed out the span that did so: what goes on later goes on there.

alter table amnre.experiments add column traceparent text check (traceparent ~ '^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$');
alter table amnre.jobs add column traceparent text check (traceparent ~ '^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$');
