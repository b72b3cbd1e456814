using Amnre.Jobs.Allocations;
using Amnre.Jobs.Attempts;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Logs;
using Amnre.Jobs.Operations;
using Amnre.Jobs.Submissions;
using Amnre.Testing;
using Dapper;

namespace Amnre.Jobs.Tests.Logs;

/// <summary>No text that the ledger keeps holds a secret, whoever writes it.</summary>
public sealed class RedactionTests(TestServer server) : LedgerTest(server)
{
    private const string Secret = "hunter2-Sesam";

    /// <summary>Ways in which programs, drivers and people write a secret; # stands for it.</summary>
    public static TheoryData<string> Forms => new(
    [
        "Password=#", "password=#;Host=db", "Host=db;Password='#';Username=x", "Host=db;Password=\"a\"\"#\";Username=x",
        "Host=db;PASSWORD=x;y#;Database=z",
        "host=db password=# dbname=x", "host=db password='#' dbname=x", @"host=db password='it\'s #' dbname=x",
        @"host=db password=a\ # dbname=x", "password=a,# host=db", "password=a'# host=db",
        "password='a # never closed", "sslpassword=#", "PGPASSWORD=# psql", "{\"password\":\"#\"}", "{\"password\": \"a\\\"#\"}",
        "{\\\"password\\\":\\\"#\\\"}", "password: #", "passphrase = #",
        "postgres://u:#@h/db", "postgresql://:#@h", "postgres://u:1/#@h", "postgres://u:a@#@h/db?x=1", "postgres://u:12345#@h",
        "redis://:#@h:6379/0", "https://me:#@host/p", "postgres://h/db?user=u&password=#",
        "Authorization: Bearer #", "authorization: Basic #", "Bearer #", "token=#", "AMNRE_TOKEN=#", "api_key=#", "access-key: #",
        "client_secret=#",
    ]);

    [Theory, MemberData(nameof(Forms))]
    public void A_secret_is_taken_out_in_whatever_form_it_is_written(string form)
    {
        foreach (var text in new[] { form, $"cannot connect: {form}", $"line\n{form}\nline", $"'{form}' and more", $"({form})" })
            Assert.DoesNotContain(Secret, Redaction.Of(text.Replace("#", Secret, StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:8080/experiments/1 of me@example.org")]
    [InlineData("see https://host:8443/a@b and c")]
    [InlineData("attempt 3, token 17, token=17: basic simulation of 100 tokens")]
    [InlineData("Host=db;Database=amnre;Username=amnre")]
    [InlineData("the password is wrong")]
    public void What_is_no_secret_stays(string text) => Assert.Equal(text, Redaction.Of(text));

    [Theory]
    [InlineData("Host=db;Password=x1y2z3;Username=u", "Host=db;Password=***;Username=u")]
    [InlineData("postgres://u:p@h/db", "postgres://u:***@h/db")]
    public void What_stands_around_it_stays(string text, string left) => Assert.Equal(left, Redaction.Of(text));

    [Fact]
    public void What_this_process_was_given_is_taken_out_wherever_it_stands()
    {
        KnownSecrets.Keep("quite-\"ordinary\"-words");
        Assert.Equal("argv: [***]", Redaction.Of("argv: [quite-\"ordinary\"-words]"));
        Assert.DoesNotContain("ordinary", Redaction.Of(System.Text.Json.JsonSerializer.Serialize("quite-\"ordinary\"-words")),
            StringComparison.Ordinal);
    }

    /// <summary>Every way by which texts come into the ledger, and then every column that could hold one.</summary>
    [Fact]
    public async Task No_column_of_the_ledger_holds_a_secret_that_a_message_had()
    {
        const string said = $"cannot connect: host=db password={Secret} dbname=x; postgres://u:{Secret}@h/db";
        var experiment = (await Submission.SubmitAsync(Plan("e", "first", "second: first", "third", "fourth", "fifth"),
            new SubmitOptions { Owner = $"password={Secret}" }, Cancel)).ExperimentId;
        var ticket = await StartAsync(experiment, "first");
        Assert.True(await Attempts.EndAsync(ticket.Token, AttemptOutcome.Failed, FailureClass.User, said, Cancel));
        Assert.True(await Attempts.EndAsync((await StartAsync(experiment, "third")).Token, AttemptOutcome.Failed,
            FailureClass.Infrastructure, said, Cancel));
        await StartAsync(experiment, "fourth", "w2");
        await Workers.ReportDeadAsync("w2", said, Cancel);
        await Graph.SettleAsync(experiment, new RetryPolicy(), Cancel);
        await new AuditTrail(Database).RecordAsync(Requester.AtTheDatabase, said, experiment, null, Cancel);
        await PoolsAsync(said);

        await using var connection = await Database.OpenConnectionAsync(Cancel);
        var columns = (await connection.QueryAsync<(string Table, string Column)>(
            "select table_name, column_name from information_schema.columns where table_schema = 'amnre' and data_type in ('text', " +
                "'jsonb', 'json', 'ARRAY', 'character varying')")).ToList();
        Assert.True(columns.Count > 30);
        foreach (var (table, column) in columns)
            Assert.True(await connection.ExecuteScalarAsync<int>(
                $"select count(*)::int from amnre.{table} where {column}::text like '%{Secret}%'") == 0, $"{table}.{column} holds it");

        var told = (await Views.EventsAsync(experiment, 0, 1000, Cancel)).Select(one => one.Message)
            .Concat((await JobViews.AttemptsAsync(ticket.JobId, Cancel)).Select(one => one.Message ?? ""))
            .Append((await JobAsync(experiment, "first")).Reason ?? "").ToList();
        Assert.Contains(told, text => text.Contains("password=***", StringComparison.Ordinal));
        Assert.Contains("***", (await JobAsync(experiment, "first")).Attempt!.Message, StringComparison.Ordinal);
    }

    private async Task PoolsAsync(string said)
    {
        var pools = new PoolLedger(Database);
        await ExecuteAsync("insert into amnre.pools (name, settings, up) values ('p', '{}', true)");
        await pools.AddAsync("p", ["7", "8"], Cancel);
        await pools.SeenAsync("7", AllocationState.Running, said, null, null, Cancel);
        await pools.EndedAsync("8", said, FailureClass.Infrastructure, Cancel);
        await pools.DecidedAsync("p", said, Cancel);
    }
}
