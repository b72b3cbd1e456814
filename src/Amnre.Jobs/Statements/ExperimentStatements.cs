namespace Amnre.Jobs.Statements;

/// <summary>Experiments: <c>amnre.experiments</c>.</summary>
internal static class ExperimentStatements
{
    public const string AskToCancel =
        """
        with asked as (
          update amnre.experiments set cancel_requested_at = coalesce(cancel_requested_at, now())
          where id = @experimentId and state = 'running' returning pg_notify(@Channel, 'cancel'))
        select exists (select from asked)
        """;

    public const string Pause =
        """
        update amnre.experiments set paused_at = coalesce(paused_at, now()), pause_drains = pause_drains or @drain
        where id = @experimentId and state = 'running'
        """;

    public const string Resume =
        """
        with resumed as (
          update amnre.experiments set paused_at = null, pause_drains = false
          where id = @experimentId and paused_at is not null returning pg_notify(@Channel, 'resumed'))
        select exists (select from resumed)
        """;

    public const string Prioritize =
        """
        with before as (select priority from amnre.experiments where id = @experimentId for update),
        changed as (update amnre.experiments set priority = @priority where id = @experimentId
          returning pg_notify(@Channel, 'priority'))
        select before.priority from before, changed
        """;

    public const string Extend =
        """
        update amnre.experiments set document = @Document, plan_digest = @digest, most_running = @AtMost, revision = revision + 1
        where id = @Id and state = 'running'
        """;

    public const string Add =
        """
        insert into amnre.experiments (name, version, document, plan_digest, priority, owner, most_running, traceparent, state,
          finished_at)
        values (@Name, @Version, @Document, @Digest, @Priority, @Owner, @AtMost, @Traceparent, @State, case when @State = 'running'
          then null else now() end)
        returning id, now()
        """;

    public const string Finish =
        """
        update amnre.experiments set state = @End, finished_at = now() where id = @experimentId and state = 'running'
        """;

    public const string Reopen =
        """
        update amnre.experiments set state = 'running', finished_at = null, cancel_requested_at = null, paused_at = null,
          pause_drains = false
        where id = @experimentId and state <> 'running'
        """;
}
