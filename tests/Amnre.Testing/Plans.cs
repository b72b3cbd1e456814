using Amnre.Jobs.Specs;

namespace Amnre.Testing;

/// <summary>Small plans for tests.</summary>
public static class Plans
{
    /// <summary>One job per line: <c>name</c>, or <c>name: dependency dependency</c>. Each makes <c>out.txt</c>;
    /// <c>[name]</c> makes it without a friendly path. Settings go after a <c>|</c>. Of decisions (<see cref="PlayedDecision"/>):
    /// <c>d=x</c> reads from decision d and runs where it admits x; <c>a?</c> does without a where that is pruned.</summary>
    public static ExperimentPlan Of(string experiment, params string[] lines)
    {
        var jobs = new List<JobSpec>();
        foreach (var line in lines)
        {
            var (head, settings) = line.Split('|') is [var h, var s] ? (h, s) : (line, "1");
            var parts = head.Split(':');
            var name = parts[0].Trim('[', ']', ' ');
            var inputs = parts.Length < 2 ? [] : parts[1].Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(dependency => dependency.TrimEnd('?').Split('=') is var words && words.Length > 1
                    ? new JobInput("in", words[0], "out.txt") { Branch = words[1] }
                    : new JobInput("in", words[0], "out.txt") { Optional = dependency.EndsWith('?') }).ToArray();
            var key = $$"""{"name":"{{name}}","inputs":[{{string.Join(',', inputs.Select(input => $"\"{jobs.Single(job => job.Name == input.Job).Fingerprint}\""))}}],"settings":"{{settings.Trim()}}"}""";
            jobs.Add(new JobSpec
            {
                Name = name,
                Kind = settings.Trim().StartsWith(PlayedDecision.Word, StringComparison.Ordinal) ? JobKind.Decide : JobKind.Sample,
                Settings = $$"""{"value":"{{settings.Trim()}}"}""",
                Key = key,
                Fingerprint = Fingerprint.Of(key),
                Inputs = inputs,
                Outputs = [new JobOutput("out.txt", parts[0].Contains('[', StringComparison.Ordinal)
                    ? null
                    : $"results/{name.Replace('/', '-')}.txt")],
            });
        }

        return new ExperimentPlan(experiment, "", jobs);
    }
}
