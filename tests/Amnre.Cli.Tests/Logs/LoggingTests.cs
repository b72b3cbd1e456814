using System.Text.Json;
using Amnre.Cli.Logs;
using Amnre.Jobs.Artifacts;
using Microsoft.Extensions.Logging;

namespace Amnre.Cli.Tests.Logs;

public sealed class LoggingTests : IDisposable
{
    private const string Secret = "s3cr3t!value";

    private readonly string _folder = Directory.CreateTempSubdirectory("amnre-logs-").FullName;

    public LoggingTests() => StoreIdentity.ReadOrMake(_folder);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void No_password_or_token_reaches_any_log_however_it_is_said()
    {
        using (var logging = LoggingSetup.Create(_folder, "test"))
        {
            logging.Admit();
            var logger = logging.CreateLogger("Test");
            using var scope = logger.BeginScope(new Dictionary<string, object>
            {
                ["ExperimentName"] = "e",
                ["JobName"] = "train/a",
                ["Attempt"] = 1,
                ["Token"] = 17L,
            });
            logger.LogInformation("Connects with {ConnectionString}", $"Host=db;Username=amnre;Password={Secret};Database=amnre");
            logger.LogInformation("Quoted {ConnectionString}", $"Host=db;Password=\"{Secret} ; with more\";Database=amnre");
            logger.LogWarning(new InvalidOperationException($"postgresql://amnre:{Secret}@db/amnre and PASSWORD = {Secret}"), "Failed");
            logger.LogInformation("Asks with {Header}", $"Authorization: Bearer {Secret}");
            logger.LogInformation("{Variables}", $"AMNRE_OPERATOR_TOKEN={Secret} and done");
            logger.LogInformation("as JSON {Json}", $$"""{"password": "{{Secret}}"}""");
        }

        var files = Directory.GetFiles(Path.Combine(_folder, "logs"), "*", SearchOption.AllDirectories);
        Assert.Equal(2, files.Length);
        Assert.All(files, file =>
        {
            var text = File.ReadAllText(file);
            Assert.DoesNotContain(Secret, text, StringComparison.Ordinal);
            Assert.Contains("Host=db", text, StringComparison.Ordinal);
            Assert.Contains("***", text, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void A_secret_that_is_known_is_not_written_even_where_nothing_tells_that_it_is_one()
    {
        using (var logging = LoggingSetup.Create(_folder, "test", [Secret]))
        {
            logging.CreateLogger("Test").LogInformation("The word is {Word}", Secret);
            // What was said before is written then.
            logging.Admit();
        }

        Assert.Contains("The word is ***", File.ReadAllText(Assert.Single(Directory.GetFiles(Path.Combine(_folder, "logs")))),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Before_the_store_is_known_to_be_the_ledgers_nothing_is_written_there()
    {
        using (var logging = LoggingSetup.Create(_folder, "test")) logging.CreateLogger("Test").LogInformation("waits");

        Assert.Equal(["store.json"], Directory.EnumerateFileSystemEntries(_folder).Select(Path.GetFileName));
    }

    [Fact]
    public void A_store_that_has_vanished_gets_no_file_of_an_attempt()
    {
        var store = Path.Combine(_folder, "store");
        using (var logging = LoggingSetup.Create(store, "test"))
        {
            Directory.CreateDirectory(store);
            StoreIdentity.ReadOrMake(store);
            logging.Admit();
            Directory.Delete(store, recursive: true);
            var logger = logging.CreateLogger("Test");
            using var scope = logger.BeginScope(new Dictionary<string, object>
            {
                ["ExperimentName"] = "e",
                ["JobName"] = "train/a",
                ["Attempt"] = 1,
                ["Token"] = 17L,
            });
            logger.LogInformation("begins");
        }

        Assert.False(Directory.Exists(store));
    }

    [Fact]
    public void An_attempt_has_a_file_of_JSON_with_experiment_job_and_attempt()
    {
        using (var logging = LoggingSetup.Create(_folder, "test"))
        {
            logging.Admit();
            var logger = logging.CreateLogger("Test");
            using (logger.BeginScope(new Dictionary<string, object>
            {
                ["ExperimentName"] = "e",
                ["JobName"] = "train/a",
                ["Attempt"] = 2,
                ["Token"] = 1017L,
            }))
                logger.LogInformation("begins with {Rows} rows", 4096);
            logger.LogInformation("of no attempt");
        }

        var line = Assert.Single(File.ReadAllLines(Path.Combine(_folder, "logs", "attempts", "1", "1017.json")));
        using var said = JsonDocument.Parse(line);
        Assert.Equal("e", said.RootElement.GetProperty("ExperimentName").GetString());
        Assert.Equal("train/a", said.RootElement.GetProperty("JobName").GetString());
        Assert.Equal(2, said.RootElement.GetProperty("Attempt").GetInt32());
        Assert.Equal(4096, said.RootElement.GetProperty("Rows").GetInt32());
    }
}
