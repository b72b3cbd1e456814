using System.CommandLine;
using Amnre.Cli.Studies;
using Amnre.Cli.Tables;
using Amnre.Cli.Terminal;
using Amnre.Engine;
using Amnre.Jobs.Views;

namespace Amnre.Cli.Operations;

/// <summary><c>amnre export EXPERIMENT</c>: what it found out as one table.</summary>
internal static class ExportVerb
{
    public static Command Create()
    {
        var options = new LedgerOptions();
        var selection = options.Selection("experiment", "Experiment");
        var by = new Option<string>("--by") { Description = "A row for each model, or for each job", DefaultValueFactory = _ => "model" };
        by.AcceptOnlyFromAmong("model", "job");
        var verb = options.Verb(
            "export",
            """
            Write one table of an experiment, as CSV or, with --json, JSON: the settings in which its models differ, how their trainings
            ended, and the figures of each evaluation as evaluation.metric. What is not done yet is left empty.

            Examples:
              amnre export quickstart > quickstart.csv
              amnre export sweep --by job --json > sweep.json
            """,
            selection, by);
        verb.SetAction(async (parsed, stop) =>
        {
            await using var ledger = await options.OpenAsync(parsed, stop);
            await ledger.RequireStoreAsync(stop);
            var found = await ledger.SelectWholeAsync(parsed.GetRequiredValue(selection), stop);
            if (found is not [var experiment])
                throw new InputException(
                    $"one experiment makes one table: {string.Join(", ", found.Select(one => $"'{one.Name}'"))} are selected");
            var jobs = await new JobViews(ledger.Database).CompositionAsync(experiment.Id, stop);
            var files = await ledger.FilesAsync(experiment.Id, stop);
            IReadOnlyList<KeyValuePair<string, double>> Metrics(string job) => JobMetrics.Of(job, files, ledger.Store.Root);
            var table = parsed.GetRequiredValue(by) == "job" ? ResultTable.ByJob(jobs, Metrics) : ResultTable.ByModel(jobs, Metrics);
            var text = parsed.GetValue(options.Json) ? JsonText.Of(table.Rows) + "\n" : table.ToCsv();
            Console.Write(text);
            return ExitCode.Success;
        });
        return verb;
    }
}
