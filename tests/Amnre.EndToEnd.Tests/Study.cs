using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Amnre.EndToEnd.Tests;

/// <summary>A small study in a store of its own, run by the real command.</summary>
internal sealed partial class Study : IDisposable
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(5) };

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
            if (!path.StartsWith("models/", StringComparison.Ordinal) || path.EndsWith(".pth", StringComparison.Ordinal))
                results[path] = File.ReadAllBytes(file);
        }

        return results;
    }

    /// <summary>Waits until the job called <paramref name="job"/> has come so far, and returns the process that runs it.</summary>
    /// <param name="running">The command, which prints the address of its pages.</param>
    /// <param name="reached">Looks at the job's progress.</param>
    public static async Task<int> WorkerOfAsync(AmnreProcess running, string job, Func<JsonNode, bool> reached, CancellationToken stop)
    {
        var patience = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(patience) < TimeSpan.FromMinutes(3))
        {
            await Task.Delay(50, stop);
            if (Address().Match(running.Printed) is not { Success: true } match) continue;
            try
            {
                var experiments = await GetAsync($"{match.Value}/api/experiments", stop);
                if (experiments.AsArray() is not [var newest, ..]) continue;
                var snapshot = await GetAsync($"{match.Value}/api/experiments/{newest!["id"]}", stop);
                var found = snapshot["jobs"]!.AsArray().FirstOrDefault(one => one!["name"]!.GetValue<string>() == job && one["state"]!.GetValue<string>() == "running");
                if (found?["attempt"]?["progress"] is not { } progress || !reached(progress)) continue;
                var workers = await GetAsync($"{match.Value}/api/workers", stop);
                var worker = workers.AsArray().FirstOrDefault(one => one!["id"]!.GetValue<string>() == found["attempt"]!["worker"]!.GetValue<string>());
                if (worker is not null) return worker["pid"]!.GetValue<int>();
            }
            catch (HttpRequestException)
            {
                // The pages are not up yet, or their process was just killed.
            }
        }

        throw new TimeoutException($"{job} did not come so far:\n{running.Printed}");
    }

    /// <summary>A page of the newest experiment, as the running command serves it.</summary>
    /// <param name="running">The command.</param>
    /// <param name="part">After the experiment's address, such as <c>/runs.csv</c>.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<string> PageAsync(AmnreProcess running, string part, CancellationToken stop)
    {
        var address = Address().Match(running.Printed).Value;
        var newest = (await GetAsync($"{address}/api/experiments", stop)).AsArray()[0]!;
        return await Http.GetStringAsync(new Uri($"{address}/experiments/{newest["id"]}{part}"), stop);
    }

    private static async Task<JsonNode> GetAsync(string address, CancellationToken stop) =>
        JsonNode.Parse(await Http.GetStringAsync(new Uri(address), stop))!;

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex Address();
}
