using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Amnre.Cli.Studies;
using Amnre.Cli.Terminal;
using Amnre.Engine;
using Amnre.Engine.Simulators;
using Amnre.Experiments.Plans;
using Amnre.Experiments.Reading;
using Amnre.Jobs.Specs;
using Amnre.Jobs.Submissions;
using Spectre.Console;

namespace Amnre.Cli;

/// <summary><c>amnre plan FILE</c>: the jobs that an experiment consists of, without running any.</summary>
internal static class PlanVerb
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static Command Create()
    {
        var file = new Argument<string>("file") { Description = "Experiment file" };
        var all = new Option<bool>("--all") { Description = "A line for each job instead of one for each section" };
        var ledgers = new LedgerOptions();
        var verb = ledgers.Verb(
            "plan",
            """
            Show the jobs of an experiment without starting anything. With --store or a database it also says what would run and what is
            reused, why, and how long it may take by what took how long before.

            Examples:
              amnre plan experiments/quickstart.yaml
              amnre plan experiments/slcp.yaml --json
              amnre plan study.yaml --store /shared/store
            """,
            file, all);
        verb.SetAction(async (parsed, stop) =>
        {
            ConsoleWidth.Unbounded();
            var experiment = ExperimentReader.ReadAll(parsed.GetRequiredValue(file));
            var plan = Planner.Plan(experiment);
            var summary = PlanSummary.Of(experiment, plan);
            var needs = PlanNeeds.Of(experiment);
            var here = parsed.GetResult(ledgers.Store) is { Implicit: false } ? Path.GetFullPath(parsed.GetValue(ledgers.Store)!) : null;
            if (here is not null) needs.Require(here);
            foreach (var warning in needs.Warnings(here, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes))
                Console.Error.WriteLine($"amnre: {warning}");
            foreach (var note in experiment.SelectMany(part => part.Notes)) Console.Error.WriteLine($"amnre: {note}");
            foreach (var note in experiment.SelectMany(SamplingNotes.Of))
                Console.Error.WriteLine($"amnre: {note}");
            var previewed = await PreviewAsync(ledgers, parsed, plan, stop);
            if (parsed.GetValue(ledgers.Json))
                Console.Out.WriteLine(Json(experiment, plan, summary, needs, previewed).ToJsonString(Indented));
            else
            {
                Show(plan, summary, [.. experiment.SelectMany(SearchNotes.Of)], parsed.GetValue(all));
                var disk = $"{ByteText.Of(needs.DiskBytes)} of disk for rows, and as much again while shards are put together";
                var memory = needs.Model is { } model ? $"; {ByteText.Of(needs.MemoryBytes)} of memory for the network of '{model}'" : "";
                AnsiConsole.MarkupLineInterpolated($"needs at least {disk}{memory}");
                if (previewed is not null) Report.Preview(previewed);
            }

            return ExitCode.Success;
        });
        return verb;
    }

    /// <summary>What the ledger makes of the plan; null when none was named.</summary>
    private static async Task<IReadOnlyList<PreviewedJob>?> PreviewAsync(LedgerOptions options, ParseResult parsed, ExperimentPlan plan,
        CancellationToken stop)
    {
        var named = parsed.GetResult(options.Store) is { Implicit: false }
            || CommonOptions.ConnectionString(parsed.GetValue(options.Postgres)) is not null;
        if (!named) return null;
        await using var ledger = await options.OpenAsync(parsed, stop);
        return await new Submission(ledger.Database, ledger.Store).PreviewAsync(plan, stop);
    }

    private static void Show(ExperimentPlan plan, PlanSummary summary, IEnumerable<string> searches, bool all)
    {
        AnsiConsole.Write(all ? Jobs(plan) : Sections(summary));
        if (summary.Points.Count > 0) AnsiConsole.Write(Points(summary));
        var kinds = string.Join(", ",
            Enum.GetValues<JobKind>().Where(summary.Counts.ContainsKey)
                .Select(kind => $"{summary.Counts[kind]} {CanonicalJson.Name(kind)}"));
        foreach (var search in searches) AnsiConsole.MarkupLineInterpolated($"{search}");
        AnsiConsole.MarkupLineInterpolated($"{plan.Name}: {plan.Jobs.Count} jobs ({kinds}), {summary.Edges} edges");
    }

    private static Table Sections(PlanSummary summary)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("", "section", "jobs", "waits for", "each job asks for");
        table.Columns[2].RightAligned();
        var kind = "";
        foreach (var row in summary.Rows)
        {
            var producers = row.WaitsFor.Count > 4
                ? $"{string.Join(", ", row.WaitsFor.Take(3))} and {row.WaitsFor.Count - 3} more"
                : string.Join(", ", row.WaitsFor);
            table.AddRow(row.Kind == kind
                ? ""
                : row.Kind, Markup.Escape(row.Section), $"{row.Jobs.Count}", Markup.Escape(producers), Ask(row.Resources));
            kind = row.Kind;
        }

        return table;
    }

    private static Table Jobs(ExperimentPlan plan)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("job", "waits for", "makes");
        foreach (var job in plan.Jobs)
        {
            var producers = job.Inputs.Select(input => input.Job).Distinct().ToList();
            table.AddRow(
                Markup.Escape(job.Name),
                Markup.Escape(producers.Count > 3 ? $"{producers.Count} jobs" : string.Join(", ", producers)),
                Markup.Escape(string.Join(", ", job.Outputs.Select(output => output.Path ?? output.Name))));
        }

        return table;
    }

    private static Table Points(PlanSummary summary)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("point of a sweep", "sets");
        foreach (var point in summary.Points)
            table.AddRow(Markup.Escape(point.Point),
                Markup.Escape(string.Join(", ", point.Values.Select(value => $"{value.Path} = {value.Text}"))));
        return table;
    }

    private static string Ask(JobResources resources)
    {
        var parts = new List<string> { $"{resources.Cpus} CPU{(resources.Cpus == 1 ? "" : "s")}" };
        if (resources.Gpus > 0) parts.Add($"{resources.Gpus} GPU{(resources.Gpus == 1 ? "" : "s")}");
        if (resources.MemoryBytes > 0) parts.Add($"{resources.MemoryBytes / (double)(1 << 30):0.##} GiB");
        if (resources.SameKind) parts.Add("the same kind of device");
        if (resources.Time is { } time) parts.Add($"{time.TotalHours:0.##} h");
        return string.Join(", ", parts);
    }

    private static JsonObject Json(IReadOnlyList<ExperimentFile> experiment, ExperimentPlan plan, PlanSummary summary, PlanNeeds needs,
        IReadOnlyList<PreviewedJob>? previewed)
    {
        var of = previewed?.ToDictionary(job => job.Name, StringComparer.Ordinal);
        var sections = summary.Rows.SelectMany(row => row.Jobs.Select(job => (job, row))).ToDictionary(pair => pair.job, pair => pair.row);
        return new JsonObject
        {
            ["experiment"] = plan.Name,
            ["simulator"] = string.Join(", ", experiment.Select(part => SimulatorReference.Plain(part.Simulator)).Distinct()),
            ["notes"] = Texts(experiment.SelectMany(part => part.Notes)),
            ["searches"] = Texts(experiment.SelectMany(SearchNotes.Of)),
            ["jobs"] = plan.Jobs.Count,
            ["edges"] = summary.Edges,
            ["needs"] = new JsonObject { ["disk_bytes"] = (double)needs.DiskBytes, ["memory_bytes"] = (double)needs.MemoryBytes },
            ["counts"] = new JsonObject(summary.Counts.OrderBy(count => count.Key)
                .Select(count => KeyValuePair.Create(CanonicalJson.Name(count.Key), (JsonNode?)count.Value))),
            ["sections"] = new JsonArray([.. summary.Rows.Select(row => new JsonObject
            {
                ["kind"] = row.Kind,
                ["section"] = row.Section,
                ["jobs"] = row.Jobs.Count,
                ["waits_for"] = Texts(row.WaitsFor),
            })]),
            ["points"] = new JsonArray([.. summary.Points.Select(point => new JsonObject
            {
                ["section"] = point.Section,
                ["point"] = point.Point,
                ["values"] = new JsonObject(point.Values.Select(value => KeyValuePair.Create(value.Path, (JsonNode?)value.Text))),
            })]),
            ["plan"] = new JsonArray([.. plan.Jobs.Select(job => Job(job, sections[job.Name], of?[job.Name]))]),
        };
    }

    private static JsonObject Job(JobSpec job, PlanRow row, PreviewedJob? previewed)
    {
        var known = Job(job, row);
        if (previewed is null) return known;
        (known["runs"], known["reason"], known["expected_seconds"]) = (previewed.Runs, previewed.Reason, previewed.Expected?.TotalSeconds);
        return known;
    }

    private static JsonObject Job(JobSpec job, PlanRow row) => new()
    {
        ["job"] = job.Name,
        ["kind"] = CanonicalJson.Name(job.Kind),
        ["section"] = row.Section,
        ["fingerprint"] = job.Fingerprint.Text,
        ["settings"] = JsonNode.Parse(job.Settings),
        ["inputs"] = new JsonArray(
            [.. job.Inputs.Select(input => new JsonObject { ["role"] = input.Role, ["job"] = input.Job, ["output"] = input.Output })]),
        ["outputs"] = new JsonArray([.. job.Outputs.Select(output => new JsonObject { ["name"] = output.Name, ["path"] = output.Path })]),
        ["resources"] = new JsonObject
        {
            ["cpus"] = job.Resources.Cpus,
            ["gpus"] = job.Resources.Gpus,
            ["memory_bytes"] = job.Resources.MemoryBytes,
            ["same_kind"] = job.Resources.SameKind,
            ["time_seconds"] = job.Resources.Time?.TotalSeconds,
        },
    };

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => JsonValue.Create(text))]);
}
