using Amnre.Browser.Tests.Studies;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Specs;

namespace Amnre.Browser.Tests.Pages;

/// <summary>Every page there is, with what it looks like full and empty.</summary>
internal static class PageList
{
    private static readonly Dictionary<string, Func<StudiesFixture, Task<string>>> Paths = new()
    {
        ["experiments"] = _ => Task.FromResult("/"),
        ["experiment"] = studies => Of(studies.Sweep),
        ["experiment that ended"] = studies => Of(studies.Ended),
        ["graph"] = studies => Of(studies.Sweep, "/graph"),
        ["graph, a group opened"] = studies => Of(studies.Sweep, "/graph?open=train"),
        ["runs"] = studies => Of(studies.Sweep, "/runs?sort=-validation loss"),
        ["runs, grouped and a wrong condition"] = studies => Of(studies.Sweep, "/runs?group=bs&where=nonsense"),
        ["curves"] = studies => Of(studies.Sweep, "/curves?log=1&smooth=0.6"),
        ["parallel"] = studies => Of(studies.Sweep, "/parallel"),
        ["figures"] = studies => Of(studies.Ended, "/figures"),
        ["figures of a training"] = async studies =>
            $"/experiments/{studies.Ended}/figures?type=corner&run=" +
                $"{(await studies.SnapshotAsync(studies.Ended)).Jobs.First(job => job.Name == "train/nre").Id}",
        ["jobs"] = studies => Of(studies.Sweep, "/jobs"),
        ["jobs that run"] = studies => Of(studies.Sweep, "/jobs?state=running"),
        ["events of an experiment"] = studies => Of(studies.Sweep, "/events"),
        ["job that runs"] = async studies => $"/jobs/{await studies.JobAsync(job => job.State == JobState.Running)}",
        ["job that failed"] = async studies => $"/jobs/{await studies.JobAsync(job => job.State == JobState.Failed)}",
        ["job that succeeded"] = async studies =>
            $"/jobs/{await studies.JobAsync(job => job is { State: JobState.Succeeded, Kind: JobKind.Train })}",
        ["job with a verdict"] = async studies => $"/jobs/{await EndedAsync(studies, JobKind.Verdict)}",
        ["job of an evaluation"] = async studies => $"/jobs/{await EndedAsync(studies, JobKind.Evaluate)}",
        ["queue"] = _ => Task.FromResult("/queue"),
        ["workers"] = _ => Task.FromResult("/workers"),
        ["events"] = _ => Task.FromResult("/events"),
        ["confirmation"] = _ => Task.FromResult("/actions/prioritize?what=slcp-sweep@1"),
        ["fresh study"] = studies => Of(studies.Fresh),
        ["runs of a fresh study"] = studies => Of(studies.Fresh, "/runs"),
        ["curves of a fresh study"] = studies => Of(studies.Fresh, "/curves"),
        ["parallel of a fresh study"] = studies => Of(studies.Fresh, "/parallel"),
        ["figures of a fresh study"] = studies => Of(studies.Fresh, "/figures"),
        ["not found"] = _ => Task.FromResult("/jobs/999999999"),
        ["wrong request"] = _ => Task.FromResult("/actions/explode?what=slcp"),
    };

    public static TheoryData<string> Names => [.. Paths.Keys];

    public static Task<string> PathAsync(this StudiesFixture studies, string page) => Paths[page](studies);

    public static int Status(string page) => page switch { "not found" => 404, "wrong request" => 400, _ => 200 };

    private static async Task<long> EndedAsync(StudiesFixture studies, JobKind kind) =>
        (await studies.SnapshotAsync(studies.Ended)).Jobs.First(job => job.Kind == kind).Id;

    private static Task<string> Of(long experiment, string part = "") => Task.FromResult($"/experiments/{experiment}{part}");
}
