using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Amnre.Jobs.Artifacts;
using Amnre.Jobs.Postgres;

namespace Amnre.EndToEnd.Tests;

/// <summary>The pages of studies that are finished, from a store that nothing runs in.</summary>
public sealed partial class DashboardTests
{
    private const string Tiny = "name: tiny\nsimulator: SLCP\ndatasets:\n  test: { rows: 64, seed: 1 }\n";

    [Fact]
    public async Task Finished_studies_are_shown_until_ctrl_c()
    {
        var stop = TestContext.Current.CancellationToken;
        using var study = new Study(Tiny);
        Assert.Contains("has no database: nothing was submitted to it yet",
            await RunAsync(2, "dashboard", "--store", study.Store), StringComparison.Ordinal);
        Assert.False(Directory.Exists(study.Store));
        await RunAsync(0, study.RunArguments);
        Assert.Null(PrivatePostgres.RunningIn(Path.Combine(study.Store, "postgres")));

        using var pages = AmnreProcess.Start("dashboard", "--store", study.Store);
        while (!Address().IsMatch(pages.Printed))
        {
            Assert.False(pages.HasExited, pages.Printed);
            await Task.Delay(100, stop);
        }

        var address = Address().Match(pages.Printed).Groups[1].Value;
        Assert.InRange(new Uri(address).Port, 8080, 8099);
        using var browser = new HttpClient { BaseAddress = new Uri(address) };
        var token = await File.ReadAllTextAsync(Path.Combine(study.Store, StoreLayout.AccessFolder, "operator-token"), stop);
        browser.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.Trim());
        Assert.Contains("tiny", await browser.GetStringAsync(new Uri("/api/experiments", UriKind.Relative), stop),
            StringComparison.Ordinal);

        // Python asks the same.
        var module = Path.Combine(Path.GetDirectoryName(AmnreProcess.Program)!, "python");
        if (File.Exists("/usr/bin/python3"))
        {
            var (shell, script) = (new Documents.DocumentShell(study.Folder, new Dictionary<string, string> { ["PYTHONPATH"] = module }),
                $"import amnre; c = amnre.Client('{address}', token_file='{study.Store}/{StoreLayout.AccessFolder}/operator-token'); " +
                "print(c.experiment('tiny')['experiment']['state'])\ntry: amnre.Client(c.url, token='wrong').get('queue')\nexcept " +
                "amnre.ClientError as e: print(e.status)");
            Assert.Equal("succeeded\n401\n", await shell.RunAsync($"/usr/bin/python3 -c \"{script}\""));
        }

        // A second one leads to the first.
        Assert.Contains($"dashboard: {address}", await RunAsync(0, "dashboard", "--store", study.Store), StringComparison.Ordinal);
        pages.Interrupt();
        Assert.Equal(0, await pages.EndAsync(stop));
        Assert.Null(PrivatePostgres.RunningIn(Path.Combine(study.Store, "postgres")));
    }

    private static async Task<string> RunAsync(int code, params string[] arguments)
    {
        var (ended, printed) = await AmnreProcess.RunAsync(TestContext.Current.CancellationToken, arguments);
        Assert.True(ended == code, printed);
        return printed;
    }

    [GeneratedRegex(@"dashboard: (http://127\.0\.0\.1:\d+)")]
    private static partial Regex Address();
}
