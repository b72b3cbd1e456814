using System.Text;
using System.Text.Json;
using Amnre.Cli.Studies;
using Amnre.Engine;
using Amnre.Experiments.Plans;
using Amnre.Experiments.Reading;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Operations;
using Amnre.Jobs.Specs;
using Amnre.Jobs.Submissions;
using Amnre.Jobs.Views;
using Amnre.Scheduler.Access;
using Amnre.Scheduler.Runs;
using Amnre.Testing;

namespace Amnre.Fuzz.Tests;

/// <summary>Parts of requests to the scheduler, and of its answers. Whole requests are in <see cref="RequestTests"/>.</summary>
internal static class RequestTargets
{
    private const string Operator = "operator-0123456789", Viewer = "viewer-0123456789ab";

    private static readonly string[] Json = ["[", "{", "{\"a\":", "]", "}", "null", "\"a\":1,", "\\u0000", "\\ud800", "1e999", "\"plan\":",
        "\"jobs\":[],", "\"kind\":7,", "\"inputs\":[null],"];

    private static readonly AccessTokens Tokens = AccessTokens.Of(Operator, Viewer, TimeProvider.System);

    private static readonly SchedulerIdentity Identity = new();

    private static readonly Sessions Sessions = new(Tokens, TimeProvider.System);

    private static readonly string Given = Sessions.Open(Tokens.Match(Operator)!).Value;

    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        FuzzTarget.OfText("plan", [Plan()], Json, text => ReadPlan(text, forge: false), IsRefusedPlan) with { Share = 10 },
        // With the fingerprints of what it says, so that the rest of the checks is reached.
        FuzzTarget.OfText("forged-plan", [Plan()], Json, text => ReadPlan(text, forge: true), IsRefusedPlan) with { Share = 10 },
        Answer("action", """{"kind":"retry","what":"slcp/*","where":["state=failed"],"priority":3,"drain":true}""",
            text => JobFilter.Parse(Read<ActionRequest>(text).Where)),
        Answer("answer-report",
            JsonSerializer.Serialize(new ActionReport("cancelled", ["a"], [new NotDone("b", "has ended already")]), ApiJson.Options),
            text => Read<ActionReport>(text)),
        Answer("answer-log",
            JsonSerializer.Serialize(new LogPage(true, [new LogLine(1, 17, "x")], new Dictionary<long, long> { [17] = 3 }),
                ApiJson.Options), text => Read<LogPage>(text)),
        Answer("answer-submitted",
            JsonSerializer.Serialize(new Submitted(1, 2, false, [new SubmittedJob("a", true, "new")]), ApiJson.Options),
            text => Read<Submitted>(text)),
        Answer("answer-experiment", JsonSerializer.Serialize(new ExperimentSnapshot
        {
            Experiment = new ExperimentSummary { Name = "e", Version = 1 },
            Now = new DateTime(2024, 1, 2, 3, 4, 5, DateTimeKind.Utc),
            Jobs = [new JobSnapshot { Name = "train/a", State = JobState.Running }],
            Warnings = [],
        }, ApiJson.Options), text => Read<ExperimentSnapshot>(text)),
        FuzzTarget.OfText("bearer", [Operator, Viewer, "wrong"], ["operator-", "\0", " ", "ü"],
            text => Assert.Equal(text == Operator ? AccessRole.Operator : text == Viewer
                ? AccessRole.Viewer
                : AccessRole.None, Tokens.RoleOf(text)), _ => false),
        // Only what was given out opens anything.
        FuzzTarget.OfText("session", [Given], ["0", "f", "٣"],
            text => Assert.Equal(text == Given, Sessions.RoleOf(text) != AccessRole.None), _ => false),
        FuzzTarget.OfText("ticket", [SignInTickets.New(Tokens.Match(Operator)!, Identity.Id, TimeProvider.System)],
            ["=", "-", "_", "AAAA", "٣"],
            text => Assert.True(new SignInTickets(Identity, Tokens, TimeProvider.System).Use(text).Fate
                is TicketFate.Unknown or TicketFate.Malformed or TicketFate.Good), _ => false),
        FuzzTarget.OfText("proof-answer", ["HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\nabcd"],
            ["\r\n", ":", "Content-Length: 99999999999\r\n", "Content-Length: -1\r\n", "HTTP/1.1 200 "],
            text => ProvenConnection.Body(Encoding.UTF8.GetBytes(text)), _ => false),
        FuzzTarget.OfText("runs-query", ["-lr\nlr<0.001 name~amnre\nbs\nlr\n17", "loss\n\"validation loss\"<=0.4 state!=failed\n\nname\n"],
            ["<", ">=", "~", "\"", "!=", "=", "\n", "1e999"], text =>
        {
            var lines = text.Split('\n');
            string Line(int i) => i < lines.Length ? lines[i] : "";
            var query = RunQuery.Parse(
                name => name switch { "sort" => [Line(0)], "where" => [Line(1)], "group" => [Line(2)], "column" => [Line(3)],
                    "after" => [Line(4)], _ => [] });
            query.PageOf(
                query.Select(
                    new RunSet([new Run(1, "train/a", JobState.Succeeded, 1, 2,
                        new Dictionary<string, object> { ["lr"] = 1e-3, ["bs"] = "x" })], ["lr", "bs"], [], 0)));
            Assert.True(Uri.IsWellFormedUriString(query.Address("/experiments/1/runs"), UriKind.Relative));
        }, error => error is UriFormatException),
        FuzzTarget.OfText("selection", ["quickstart@2/train/*", "sweep-*", "train/slcp-amnre"],
            ["/", "@", "*", "?", "\\", "@99999999999", "\0"], text =>
        {
            var (_, meant) = Selection.Experiments(text,
                [new SelectableExperiment(1, "quickstart", 2, true), new SelectableExperiment(2, "sweep-a", 1, true)]);
            foreach (var (_, jobs) in meant)
                if (jobs is not null) Selection.Jobs(jobs, ["train/slcp-amnre", "sample/train/0", "train/other"]);
        }, _ => false),
        FuzzTarget.OfText("job-filter", ["state=failed,cancelled\nkind=train"], ["=", ",", "\n", "state", "٣", "7"],
            text => JobFilter.Parse(text.Split('\n')), error => error is InputException),
        FuzzTarget.OfText("listen-address", ["http://127.0.0.1:8080", "https://[::1]:0/x"],
            [":", "/", "@", "[", "]", "0.0.0.0", "ü", "99999"], text => ListenAddress.Parse(text), error => error is InputException),
        FuzzTarget.OfText("remote-address", ["https://node17:8080/a\nsecret-token-0123456789"], [":", "/", "@", "\r\n", "ü", "\0", "99999"],
            text =>
        {
            var lines = text.Split('\n', 2);
            RemoteStudy.At(lines[0], lines is [_, var token] ? token : null).DisposeAsync().AsTask().GetAwaiter().GetResult();
        }, error => error is InputException) with { Share = 4 },
    ];

    private static FuzzTarget Answer(string name, string seed, Action<string> read) =>
        FuzzTarget.OfText(name, [seed], Json, read, error => error is JsonException or NotSupportedException or InputException);

    private static T Read<T>(string text) => JsonSerializer.Deserialize<T>(text, ApiJson.Options) ?? throw new JsonException("null");

    private static string Plan() =>
        JsonSerializer.Serialize(
            new PlanDocument(Planner.Plan(ExperimentReader.Read(Path.Combine(Repository.Root, "experiments", "quickstart.yaml")))),
            ApiJson.Options);

    private static bool IsRefusedPlan(Exception error) => error is InputException or JsonException or InvalidOperationException;

    private static void ReadPlan(string text, bool forge)
    {
        var document = Read<PlanDocument>(text);
        if (forge) document = document with
        {
            Plan = document.Plan with { Jobs = [.. document.Plan.Jobs.Select(job => job with { Fingerprint = Fingerprint.Of(job.Key) })] },
        };
        var plan = SubmittedPlan.Check(document).Plan;
        PlanCheck.Check(plan);
        foreach (var job in plan.Jobs)
        {
            RunShapes.Leaves(job.Settings);
            TrainingModels.Of(job.Name, job.Kind, job.Settings);
            KeyDifference.Describe(job.Key, plan.Jobs[0].Key);
            Encoding.UTF8.GetBytes(job.Name);
        }
    }
}
