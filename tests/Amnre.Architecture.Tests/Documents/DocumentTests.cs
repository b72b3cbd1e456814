using System.Text.RegularExpressions;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Specs;
using Amnre.Testing;

namespace Amnre.Architecture.Tests.Documents;

public sealed partial class DocumentTests
{
    private static readonly string[] Places = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "THIRD-PARTY-NOTICES.md",
        "docs", "deploy", "experiments", "examples"];

    public static TheoryData<string> Pages() =>
    [
        .. Places.Select(place => Path.Combine(Repository.Root, place))
            .SelectMany(place => File.Exists(place) ? [place] : Directory.EnumerateFiles(place, "*.md", SearchOption.AllDirectories))
            .Select(path => Path.GetRelativePath(Repository.Root, path)),
    ];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_relative_link_leads_somewhere(string page)
    {
        var path = Path.Combine(Repository.Root, page);
        var targets = Link().Matches(Code().Replace(File.ReadAllText(path), "")).Select(match => match.Groups[1].Value)
            .Where(target => !target.Contains("://", StringComparison.Ordinal) && !target.StartsWith("mailto:", StringComparison.Ordinal));

        Assert.All(targets, target => Assert.True(Exists(path, target), target));
    }

    /// <summary>docs/architecture.md draws every way that a job can go, and no other.</summary>
    [Fact]
    public void The_diagram_of_states_is_what_the_rules_do()
    {
        var diagram = File.ReadAllText(Path.Combine(Repository.Root, "docs", "architecture.md")).Split("stateDiagram-v2")[1]
            .Split("```")[0];
        var drawn = Arrow().Matches(diagram).Select(match => $"{match.Groups[1].Value} → {match.Groups[2].Value}").Distinct()
            .Order(StringComparer.Ordinal);

        Assert.Equal(Ways().Order(StringComparer.Ordinal), drawn);
    }

    /// <summary>All ways of a chain of three jobs, and of one beside it; and of a decision, what it admits or does not where that has
    /// another input, and what reads all.</summary>
    private static HashSet<string> Ways() =>
    [
        .. Ways(new JobGraph([[], [0], [1], [0]])),
        .. Ways(new JobGraph([[], [], [0, 1], [0, 2]],
            new Dictionary<(int, int), EdgeRule> { [(2, 0)] = new("x", Optional: false), [(3, 2)] = new(null, Optional: true) })),
    ];

    /// <summary>Found by trying every event wherever it leads.</summary>
    private static HashSet<string> Ways(JobGraph graph)
    {
        RetryPolicy[] policies = [new() { UserRetries = 9, ResourceRetries = 9, InfrastructureRetries = 9, PoisonAfter = 9 },
            new() { UserRetries = 0, ResourceRetries = 0, InfrastructureRetries = 0, PoisonAfter = 1, DamageRetries = -1 }];
        var begin = new[] { new JobStanding(JobState.Ready, 0), new JobStanding(JobState.Waiting, 1), new JobStanding(JobState.Waiting, 1),
            new JobStanding(JobState.Waiting, 1) };
        var ways = new HashSet<string>();
        var seen = new HashSet<string> { Key(begin) };
        var open = new Queue<JobStanding[]>([begin]);
        while (open.TryDequeue(out var at))
        {
            foreach (var (happened, policy) in Events(graph).SelectMany(one => policies.Select(policy => (one, policy))))
            {
                var next = at.ToArray();
                foreach (var change in GraphRules.Decide(graph, at, ["a", "b", "c", "d"], happened, policy))
                {
                    next[change.Job] = change.To with { Failures = FailureTally.None };
                    if (change.From != change.To.State) ways.Add($"{Name(change.From)} → {Name(change.To.State)}");
                }

                if (seen.Add(Key(next))) open.Enqueue(next);
            }
        }

        return ways;

        static string Key(JobStanding[] standings) => string.Join(' ', standings.Select(one => $"{one.State}{one.Unmet}"));
        static string Name(JobState state) => state.ToString().ToLowerInvariant();
    }

    private static IEnumerable<GraphEvent> Events(JobGraph graph) => Undecided(graph).Concat(Enumerable.Range(0, graph.Count)
        .Where(graph.Decides).Select(job => new GraphEvent.Succeeded(job) { Decided = [new DecidedBranch("x", true, "admitted")] }));

    private static IEnumerable<GraphEvent> Undecided(JobGraph graph) => Enumerable.Range(0, graph.Count).SelectMany(job => new GraphEvent[]
    {
        new GraphEvent.Dispatched(job), new GraphEvent.Claimed(job), new GraphEvent.Undelivered(job), new GraphEvent.Succeeded(job),
        new GraphEvent.Drained(job),
        new GraphEvent.Failed(job, FailureClass.User, ""), new GraphEvent.Lost(job, ""), new GraphEvent.Stopped(job),
        new GraphEvent.Published(job, ""),
        new GraphEvent.JobCancelAsked(job), new GraphEvent.RetryAsked(job), new GraphEvent.RerunAsked(job),
        new GraphEvent.Damaged(job, graph.Dependencies(job), ""), new GraphEvent.Damaged(job, [], ""),
    }).Concat([new GraphEvent.CancelAsked(), new GraphEvent.PauseAsked()]);

    private static bool Exists(string page, string target)
    {
        var (file, anchor) = target.Split('#') is [var name, var place] ? (name, place) : (target, null);
        var path = file.Length == 0 ? page : Path.Combine(Path.GetDirectoryName(page)!, Uri.UnescapeDataString(file));
        if (!File.Exists(path)) return anchor is null && Directory.Exists(path);
        return anchor is null || !path.EndsWith(".md", StringComparison.Ordinal)
            || Heading().Matches(File.ReadAllText(path)).Any(heading => Anchor(heading.Groups[1].Value) == anchor);
    }

    /// <summary>As code hosts make them of headings.</summary>
    private static string Anchor(string heading) =>
        string.Concat(heading.Trim().ToLowerInvariant().Where(c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '_')).Replace(' ', '-');

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("```.*?```|`[^`\n]*`", RegexOptions.Singleline)]
    private static partial Regex Code();

    [GeneratedRegex("^#+ (.*)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"^\s*(\w+) --> (\w+)", RegexOptions.Multiline)]
    private static partial Regex Arrow();
}
