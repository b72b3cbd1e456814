using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Amnre.Jobs.Postgres;

namespace Amnre.EndToEnd.Tests;

/// <summary>A small study in a store of its own, run by the real command.</summary>
internal sealed partial class Study : IDisposable
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromMinutes(2) };

    public Study(string experiment)
    {
        Folder = Directory.CreateTempSubdirectory("amnre-study-").FullName;
        // The private database's account must be able to enter.
        File.SetUnixFileMode(Folder, File.GetUnixFileMode(Folder) | UnixFileMode.OtherExecute);
        File.WriteAllText(ExperimentFile, experiment);
    }

    public string Folder { get; }

    public string ExperimentFile => Path.Combine(Folder, "study.yaml");

    public string Store => Path.Combine(Folder, "store");

    public string[] RunArguments => ["run", ExperimentFile, "--store", Store, "--workers", "2"];

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    /// <summary>Every result by its friendly path, apart from the files that hold wall-clock times.</summary>
    public SortedDictionary<string, byte[]> Results(string name)
    {
        var root = Path.Combine(Store, name);
        var results = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories))
        {
            var path = Path.GetRelativePath(root, file);
            // Settings and statistics of a rung's trainings; the decision on a rung measures no time.
            if (path.StartsWith("searches/", StringComparison.Ordinal) && path.Split('/').Length > 3) continue;
            if (!path.StartsWith("models/", StringComparison.Ordinal) || path.EndsWith(".pth", StringComparison.Ordinal))
                results[path] = File.ReadAllBytes(file);
        }

        return results;
    }

    /// <summary>From now on no training of this study is published.</summary>
    public async Task HoldTrainingsAsync(CancellationToken stop)
    {
        await using var server = await PrivatePostgres.JoinAsync(Path.Combine(Store, "postgres"), null, stop);
        await HeldTrainings.HoldAsync(server.ConnectionString, stop);
    }

    /// <summary>Those that were held are published, and all others when they have ended.</summary>
    public async Task LetTrainingsGoAsync(CancellationToken stop)
    {
        await using var server = await PrivatePostgres.JoinAsync(Path.Combine(Store, "postgres"), null, stop);
        await HeldTrainings.LetGoAsync(server.ConnectionString, stop);
    }

    /// <summary>Waits until the job called <paramref name="job"/> has come so far, and returns the process that runs it. It must be a
    /// training that is held, or one without end: on a quick machine another may have ended before anybody looked.</summary>
    /// <param name="running">The command, which prints the address of its pages.</param>
    /// <param name="reached">Looks at the job's progress; one that is held has come far enough in any case.</param>
    /// <param name="not">A process that ran it before and was ended.</param>
    public async Task<int> WorkerOfAsync(AmnreProcess running, string job, Func<JsonNode, bool> reached, CancellationToken stop,
        int? not = null)
    {
        var patience = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(patience) < TimeSpan.FromMinutes(10))
        {
            await Task.Delay(50, stop);
            if (Address().Match(running.Printed) is not { Success: true } match) continue;
            try
            {
                var experiments = await GetAsync($"{match.Value}/api/experiments", stop);
                if (experiments.AsArray() is not [var newest, ..]) continue;
                var snapshot = await GetAsync($"{match.Value}/api/experiments/{newest!["id"]}", stop);
                var found = snapshot["jobs"]!.AsArray()
                    .FirstOrDefault(one => one!["name"]!.GetValue<string>() == job && one["state"]!.GetValue<string>() == "running");
                if (found?["attempt"]?["worker"]?.GetValue<string>() is not { } id) continue;
                var workers = await GetAsync($"{match.Value}/api/workers", stop);
                var worker = workers.AsArray().FirstOrDefault(one => one!["id"]!.GetValue<string>() == id);
                if (worker?["pid"]!.GetValue<int>() is not { } pid || pid == not) continue;
                if ((found["attempt"]!["progress"] is { } progress && reached(progress)) || await HoldsTrainingOfAsync(id, stop))
                    return pid;
            }
            catch (HttpRequestException)
            {
                // The pages are not up yet, or their process was just killed.
            }
        }

        throw new TimeoutException($"{job} did not come so far:\n{running.Printed}");
    }

    private async Task<bool> HoldsTrainingOfAsync(string worker, CancellationToken stop) =>
        PrivatePostgres.RunningIn(Path.Combine(Store, "postgres")) is { } database
        && await HeldTrainings.AnyOfAsync(database, worker, stop);

    /// <summary>A page of the newest experiment, as the running command serves it.</summary>
    /// <param name="running">The command.</param>
    /// <param name="part">After the experiment's address, such as <c>/runs.csv</c>.</param>
    /// <param name="stop">Gives up.</param>
    public async Task<string> PageAsync(AmnreProcess running, string part, CancellationToken stop)
    {
        var address = Address().Match(running.Printed).Value;
        var newest = (await GetAsync($"{address}/api/experiments", stop)).AsArray()[0]!;
        return await TextAsync($"{address}/experiments/{newest["id"]}{part}", stop);
    }

    private async Task<JsonNode> GetAsync(string address, CancellationToken stop) => JsonNode.Parse(await TextAsync(address, stop))!;

    /// <summary>With the token that the store has of its own.</summary>
    private async Task<string> TextAsync(string address, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        var token = Directory.EnumerateDirectories(Store, "access-*").Select(folder => Path.Combine(folder, "operator-token")).Single();
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", (await File.ReadAllTextAsync(token, stop)).Trim());
        using var answer = await Http.SendAsync(request, stop);
        // Anything but the start and the end of the pages' process is a fault that waiting would only hide.
        if (answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
            throw new InvalidOperationException($"{address}: {answer.StatusCode}");
        return await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync(stop);
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex Address();
}
