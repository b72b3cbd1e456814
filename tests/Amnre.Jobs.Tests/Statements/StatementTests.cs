using System.Reflection;
using System.Text.RegularExpressions;
using Amnre.Jobs.Ledger;
using Amnre.Testing;
using Npgsql;
using NpgsqlTypes;

namespace Amnre.Jobs.Tests.Statements;

/// <summary>The real server plans every named statement on the real schema.</summary>
public sealed partial class StatementTests(TestServer server) : LedgerTest(server)
{
    /// <summary>Parts of statements.</summary>
    private static readonly string[] Parts =
    [
        "PublicationStatements.Wanted", "PublicationStatements.Read", "PublicationStatements.FilesOfJob",
    ];

    private static readonly Dictionary<string, NpgsqlDbType> Types = new(StringComparer.OrdinalIgnoreCase)
    {
        ["jobId"] = NpgsqlDbType.Bigint,
        ["experimentId"] = NpgsqlDbType.Bigint,
        ["id"] = NpgsqlDbType.Bigint,
        ["token"] = NpgsqlDbType.Bigint,
        ["tokens"] = Array(NpgsqlDbType.Bigint),
        ["jobs"] = Array(NpgsqlDbType.Bigint),
        ["ids"] = Array(NpgsqlDbType.Bigint),
        ["unmet"] = Array(NpgsqlDbType.Integer),
        ["bytes"] = Array(NpgsqlDbType.Bigint),
        ["expected"] = Array(NpgsqlDbType.Interval),
        ["delays"] = Array(NpgsqlDbType.Interval),
        ["final"] = Array(NpgsqlDbType.Boolean),
        ["fresh"] = Array(NpgsqlDbType.Boolean),
        ["anew"] = Array(NpgsqlDbType.Boolean),
        ["measured"] = Array(NpgsqlDbType.Boolean),
        ["admitted"] = Array(NpgsqlDbType.Boolean),
        ["lease"] = NpgsqlDbType.Interval,
        ["margin"] = NpgsqlDbType.Interval,
        ["heartbeatTimeout"] = NpgsqlDbType.Interval,
        ["timeout"] = NpgsqlDbType.Interval,
        ["pause"] = NpgsqlDbType.Interval,
        ["timeLeft"] = NpgsqlDbType.Interval,
        ["startedAgo"] = NpgsqlDbType.Interval,
        ["endsIn"] = NpgsqlDbType.Interval,
        ["drain"] = NpgsqlDbType.Boolean,
        ["leaving"] = NpgsqlDbType.Boolean,
        ["leader"] = NpgsqlDbType.Boolean,
        ["earlierVersions"] = NpgsqlDbType.Boolean,
        ["saveSeconds"] = NpgsqlDbType.Double,
        ["memoryBytes"] = NpgsqlDbType.Bigint,
        ["pid"] = NpgsqlDbType.Integer,
        ["slots"] = NpgsqlDbType.Integer,
        ["priority"] = NpgsqlDbType.Integer,
        ["version"] = NpgsqlDbType.Integer,
        ["atMost"] = NpgsqlDbType.Integer,
    };

    /// <summary>Lists of texts.</summary>
    private static readonly HashSet<string> Texts = new(
        ["workers", "traces", "kinds", "from", "to", "reasons", "names", "paths", "digests", "messages", "branches"],
        StringComparer.OrdinalIgnoreCase);

    public static TheoryData<string> Names => [.. Statements().Select(one => one.Name).Except(Parts)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_server_plans_it(string name)
    {
        var sql = Statements().Single(one => one.Name == name).Sql;
        await using var connection = await Database.OpenConnectionAsync(Cancel);
        await using var command = new NpgsqlCommand($"explain {sql}", connection);
        var parameters = Parameter().Matches(sql).Select(match => match.Groups[1].Value);
        foreach (var parameter in parameters.Distinct(StringComparer.OrdinalIgnoreCase))
        {
            // A worker's and a scheduler's version is a text.
            var type = parameter is "ids" && name.StartsWith("Allocation", StringComparison.Ordinal) ? Array(NpgsqlDbType.Text)
                : parameter is "Version" or "version" or "id" or "Id" && (name.StartsWith("Worker", StringComparison.Ordinal)
                    || name.StartsWith("Scheduler", StringComparison.Ordinal)) ? NpgsqlDbType.Text
                : Texts.Contains(parameter) ? Array(NpgsqlDbType.Text) : Types.GetValueOrDefault(parameter, NpgsqlDbType.Text);
            command.Parameters.Add(new NpgsqlParameter(parameter, type) { Value = DBNull.Value });
        }

        Assert.NotNull(await command.ExecuteScalarAsync(Cancel));
    }

    [Fact]
    public void There_are_as_many_as_there_should_be() => Assert.InRange(Names.Count, 40, 200);

    private static IEnumerable<(string Name, string Sql)> Statements() =>
        from type in typeof(LedgerDatabase).Assembly.GetTypes()
        where type.Namespace == "Amnre.Jobs.Statements"
        from member in type.GetMembers(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)
        let sql = member is FieldInfo field ? field.GetValue(null) as string : (member as PropertyInfo)?.GetValue(null) as string
        where sql is not null
        select ($"{type.Name}.{member.Name}", sql);

    private static NpgsqlDbType Array(NpgsqlDbType of) => NpgsqlDbType.Array | of;

    [GeneratedRegex("(?<![@\\w])@(\\w+)")]
    private static partial Regex Parameter();
}
