using System.CommandLine;
using System.CommandLine.Completions;
using System.Globalization;
using System.Text.Json;
using Amnre.Cli.Spelling;
using Amnre.Cli.Terminal;
using Amnre.Engine;
using Amnre.Engine.Catalog;
using Amnre.Engine.Figures;
using Amnre.Engine.Settings;

namespace Amnre.Cli.Original;

/// <summary><c>amnre plot</c>: draws figures, with the arguments and options of the original's plots.py.</summary>
internal static class PlotVerb
{
    public static Command Create()
    {
        var type = new Argument<string>("type")
        {
            Description = string.Join(", ", EnumName.All<FigureType>()),
            CompletionSources = { _ => EnumName.All<FigureType>().Select(name => new CompletionItem(name)) },
        };
        var inputs = new Argument<string[]>("input")
        {
            Description = "Tables (loss, calibration, coverage, ranks, consistency), draws with predictions (predictive), " +
                "histograms of an observation and mean log ratios (information), or one description in JSON, as a file or as it is " +
                "(error, roc, corner)",
            Arity = ArgumentArity.OneOrMore,
        };
        var output = new Option<string>("--output", "-o")
        {
            Description = "Figure to write: .pdf, .svg or .png, or without ending for all; what tells several apart goes before the ending",
            DefaultValueFactory = _ => "products/plots/out.pdf",
        };
        var simulator = new Option<string?>("--simulator")
        {
            Description = $"Whose parameters: {string.Join(", ", SimulatorCatalog.Names)}, or a manifest [default: the one named in the " +
                "first input]",
        };
        var row = new OwnOption<int?>("--row") { Description = "Predictive: the observation [default: the first of each file]" };
        var json = new OwnOption<bool>("--json") { Description = "End with one line of JSON on standard output instead of text" };
        var verb = new Command(
            "plot",
            """
            Draw figures of trainings and evaluations. Takes the arguments and options of the original plots.py; coverage,
            ranks, predictive and information are beyond it.

            Examples:
              amnre plot loss models/slcp-amnre.csv models/slcp-nre.csv -o plots/slcp_loss.pdf
              amnre plot calibration results/slcp-amnre_cal.csv -o plots/slcp-amnre_cal.pdf
              amnre plot consistency results/slcp-amnre_cons_*.csv -o plots/slcp-amnre_cons.png
              amnre plot coverage results/slcp-amnre_coverage.csv -o plots/slcp-amnre_coverage.pdf
              amnre plot ranks results/slcp-amnre_ranks.csv -o plots/slcp-amnre_ranks.pdf
              amnre plot predictive results/slcp-amnre_draws.h5 --row 0 -o plots/slcp-amnre_predictive.pdf
              amnre plot information results/slcp-amnre_0_*.pth results/slcp-amnre.json -o plots/slcp-amnre_information.pdf
              amnre plot error errors-slcp.json -o plots/slcp.pdf       {"MNRE": "results/slcp-mnre_cons.csv", "AMNRE": "**/slcp-amnre_cons.csv"}
              amnre plot roc rocs-slcp.json -o plots/slcp-roc.pdf       {"AMNRE": "results/slcp-amnre_roc.h5"}
              amnre plot corner corner-slcp.json -o plots/corner.pdf    {"items": [{"files": "results/slcp-amnre_0_*.pth"}], "legend": ["AMNRE"], "masks": ["11111"]}
            """)
        {
            type, inputs, output, simulator, row, json,
        };
        verb.Aliases.Add("plots");
        verb.SetAction((parsed, stop) => Task.FromResult(Run(
            new PlotRequest
            {
                Type = TypeOf(parsed.GetRequiredValue(type)),
                Inputs = parsed.GetRequiredValue(inputs),
                Output = parsed.GetRequiredValue(output),
                Simulator = parsed.GetValue(simulator),
                Row = parsed.GetValue(row),
            },
            parsed.GetValue(json), TimeProvider.System, stop)));
        return verb;
    }

    private static FigureType TypeOf(string name) => EnumName.TryParse<FigureType>(name, out var type) ? type
        : throw new InputException($"type '{name}' is not known: write one of {string.Join(", ", EnumName.All<FigureType>())}");

    private static int Run(PlotRequest request, bool json, TimeProvider clock, CancellationToken stop)
    {
        var started = clock.GetTimestamp();
        using var progress = ProgressLine.OnStandardError(Path.GetFileName(request.Output), clock);
        var making = new Making(progress, stop)
        {
            Output = $"'{request.Output}'",
            Remedy = "Free space or name another place with --output.",
            Stopped = () => "stopped; figures that were drawn are whole. The same command draws them all again.",
        };
        return making.Run(() =>
        {
            var written = PlotCommand.Run(request,
                new RunContext { Progress = progress, Stop = stop, Clock = clock, Note = progress.Note });
            progress.Dispose();
            var seconds = clock.GetElapsedTime(started).TotalSeconds;
            Console.WriteLine(json
                ? JsonSerializer.Serialize(new Dictionary<string, object?>
                {
                    ["outputs"] = written.Select(Path.GetFullPath),
                    ["type"] = EnumName.Of(request.Type),
                    ["seconds"] = Math.Round(seconds, 3),
                })
                : string.Create(CultureInfo.InvariantCulture, $"{string.Join(", ", written)}, in {seconds:0.0} s"));
            return ExitCode.Success;
        });
    }
}
