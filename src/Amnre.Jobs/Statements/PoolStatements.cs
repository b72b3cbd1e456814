namespace Amnre.Jobs.Statements;

/// <summary>Pools of allocations: <c>amnre.pools</c>.</summary>
internal static class PoolStatements
{
    /// <summary>Failures so far are forgotten.</summary>
    public const string PutUp =
        """
        insert into amnre.pools (name, settings, up) values (@name, @settings::jsonb, true)
        on conflict (name) do update set settings = excluded.settings, up = true, changed_at = now(), failures = 0, not_before = null
        """;

    public const string PutDown =
        """
        update amnre.pools set up = false, changed_at = now() where up and name = coalesce(@name, name) returning name
        """;

    /// <summary>What was decided last.</summary>
    public const string Decided =
        "update amnre.pools set decision = @decision, decided_at = now() where name = @pool";

    /// <summary>A pause of null: all is well again.</summary>
    public const string Failed =
        """
        update amnre.pools set failures = case when @pause::interval is null then 0 else failures + 1 end, not_before = now() + @pause
        where name = @pool and (@pause::interval is not null or failures > 0)
        """;
}
