using Amnre.Jobs.Specs;

namespace Amnre.Simulation.Tests.Scale;

/// <summary>Large plans whose jobs last about a given time.</summary>
internal static class ScalePlans
{
    /// <summary>Each member samples, trains on that, evaluates the model on the samples, and plots.</summary>
    /// <param name="members">Four jobs each.</param>
    /// <param name="seconds">Of a job, on average; from half to one and a half times as long.</param>
    public static ExperimentPlan Sweep(int members, double seconds)
    {
        var jobs = new List<JobSpec>(4 * members);
        for (var i = 0; i < members; i++)
        {
            Add($"sample/{i}");
            Add($"train/{i}", $"sample/{i}");
            Add($"evaluate/{i}", $"train/{i}", $"sample/{i}");
            Add($"plot/{i}", $"evaluate/{i}");
        }

        return new ExperimentPlan("sweep", "", jobs);

        void Add(string name, params string[] inputs) => jobs.Add(Job(name, seconds * (0.5 + (jobs.Count * 0.6180339887 % 1)), inputs));
    }

    /// <summary>Jobs one after the other, several such chains side by side.</summary>
    public static ExperimentPlan Chains(int chains, int length, double seconds) => new("chains", "",
    [
        .. Enumerable.Range(0, chains).SelectMany(chain => Enumerable.Range(0, length)
            .Select(place => Job($"{chain}/{place}", seconds, place == 0 ? [] : [$"{chain}/{place - 1}"]))),
    ]);

    private static JobSpec Job(string name, double seconds, params string[] inputs)
    {
        var key = $$"""{"name":"{{name}}","seconds":{{seconds:F3}}}""";
        return new JobSpec
        {
            Name = name,
            Kind = JobKind.Sample,
            Settings = $$"""{"value":"run {{seconds:F3}}"}""",
            Key = key,
            Fingerprint = Fingerprint.Of(key),
            Inputs = [.. inputs.Select(input => new JobInput("in", input, "out.txt"))],
            Outputs = [new JobOutput("out.txt", null)],
        };
    }
}
