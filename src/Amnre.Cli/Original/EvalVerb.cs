using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Amnre.Cli.Terminal;
using Amnre.Engine;
using Amnre.Engine.Catalog;
using Amnre.Engine.Checkpoints;
using Amnre.Engine.Draws;
using Amnre.Engine.Ensembles;
using Amnre.Engine.Evaluation;
using Amnre.Engine.Simulators;

namespace Amnre.Cli.Original;

/// <summary><c>amnre eval</c>: measures a trained model, with the arguments and options of the original's eval.py.</summary>
internal static class EvalVerb
{
    public static Command Create()
    {
        var options = new EvalOptions();
        var verb = new Command(
            "eval",
            """
            Measure a trained model on observations. Takes the arguments and options of the original eval.py, with one dash or two, and cut
            short while unambiguous. Writes OUT.csv (a row for each observation and mask) and, as asked for, OUT_<row>_<mask>.pth, OUT_<row>.csv,
            OUT.json, OUT.h5; a file that is there is replaced only by a complete one. The model may be the original's; neither its training
            samples nor its device are needed.

            Examples:
              amnre eval slcp-amnre.pth slcp-test.h5 -masks =1 =2 11111 -o slcp-amnre.csv
              amnre eval slcp-amnre.pth slcp-test.h5 -masks =1 =2 -indices 0 64 -clean -accuracy -consistency -o slcp-amnre_cons.csv
              amnre eval slcp-amnre.pth slcp-test.h5 -masks =1 -indices 0 8192 -bins 256 -clean -calibration -o slcp-amnre_cal.csv
              amnre eval slcp-amnre.pth slcp-test.h5 -masks 00100 11111 -indices 0 0 -kl -classify -o slcp-amnre_roc.csv
              amnre eval slcp-amnre.pth slcp-test.h5 -masks 11111 -clean --draws 10000 -o slcp-amnre.csv
              amnre eval slcp-amnre-1.pth slcp-test.h5 --ensemble slcp-amnre-2.pth slcp-amnre-3.pth -masks =1 =2 -o slcp-all.csv
              amnre eval slcp-amnre.pth slcp-test.h5 -masks 11111 -clean --draws 10000 --predictive --reference truth_draws.h5 -o slcp-amnre.csv
              amnre eval slcp-amnre.pth slcp-test.h5 -indices 0 256 -clean --coverage --diagnostics --sampling importance -steps 20 -burn 0 -o slcp-amnre.csv
            """)
        {
            options.Network, options.Samples,
        };
        foreach (var option in options.All) verb.Options.Add(option);
        verb.SetAction((parsed, stop) => Task.FromResult(Run(options, parsed, TimeProvider.System, stop)));
        return verb;
    }

    private static int Run(EvalOptions options, ParseResult parsed, TimeProvider clock, CancellationToken stop)
    {
        var network = parsed.GetRequiredValue(options.Network);
        if (!File.Exists(network))
            throw new InputException($"there is no model '{network}': name the .pth of a trained model, with its .json beside it");
        var file = ModelFile.Read(Path.ChangeExtension(network, ".json"));
        var model = file.Settings;
        var simulator = ModelSimulator.Find(network, model.Simulator, parsed.GetValue(options.Simulator));
        using var processes = simulator as IDisposable;
        var request = EvalRequest.Of(options, parsed, model, file.Inputs.Samples, simulator);
        using var progress = ProgressLine.OnStandardError(Path.GetFileName(request.Output), clock);
        var started = clock.GetTimestamp();
        var context = new RunContext { Progress = progress, Stop = stop, Clock = clock, Note = progress.Note };
        var making = new Making(progress, stop)
        {
            Output = $"'{request.Output}' or a file beside it",
            Remedy = "Free space or name another place with --output.",
            Stopped = () => Stopped(request, progress.After),
        };
        return making.Run(() =>
        {
            var (_, written, undrawn) = Evaluate(request, simulator, context);
            progress.Dispose();
            Tell(request, written, undrawn, clock.GetElapsedTime(started));
            return ExitCode.Success;
        });
    }

    private static EvaluationEnd Evaluate(EvalRequest request, ISimulator simulator, RunContext context)
    {
        var settings = request.Settings;
        // A place that cannot be written is told of before the work, not after.
        if (Path.GetDirectoryName(Path.GetFullPath(request.Output)) is { } folder) Directory.CreateDirectory(folder);
        if (settings.Accuracy && !EvaluationRun.KnowsTruth(simulator))
        {
            context.Note($"the true posterior of {simulator.PlainName} is not known: --accuracy says nothing");
            settings = settings with { Accuracy = false };
        }

        using var posterior = TrainedPosterior.Open(
            [request.Inputs.Model, .. request.Inputs.Others], settings.Combine, simulator, settings.Threads, settings.Device);
        var outputs = EvaluationOutputs.Beside(request.Output, request.Inputs.Samples) with { Draws = request.DrawsOutput };
        return ModelEvaluation.Run(settings, simulator, posterior, request.Inputs, outputs, context);
    }

    private static string Stopped(EvalRequest request, string after)
    {
        var (older, truth) = (File.Exists(request.Output)
            ? $"'{request.Output}' is the older one still"
            : $"'{request.Output}' was not written", request.Settings.Accuracy);
        return $"stopped{after}; {older}. The same command starts again and gives the same " +
            $"numbers{(truth ? "; the true posteriors that are done are kept beside the samples" : "")}; "
            + "to keep what is done when stopping, evaluate fewer rows at a time with --indices, each into a file of its own.";
    }

    private static void Tell(EvalRequest request, IReadOnlyList<string> written, IReadOnlyList<int> undrawn, TimeSpan took)
    {
        var settings = request.Settings;
        var rows = settings.Last - settings.First;
        // Under its header a line for each marginal.
        List<string> lines = rows > 0 ? [.. PlainFile.Lines(request.Output)] : [];
        var marginals = Math.Max(0, lines.Count - 1);
        if (request.Json)
        {
            Console.WriteLine(JsonSerializer.Serialize(new Dictionary<string, object?>
            {
                ["outputs"] = written.Select(Path.GetFullPath),
                ["simulator"] = settings.Simulator,
                ["seed"] = settings.Seed,
                ["first_row"] = settings.First,
                ["end_row"] = settings.Last,
                ["marginals"] = marginals,
                ["rows_without_probability"] = EvaluationTable.RowsWithoutProbability(lines).Union(undrawn).Order(),
                ["seconds"] = Math.Round(took.TotalSeconds, 3),
            }));
            return;
        }

        var what = rows > 0
            ? $"{marginals} marginal{(marginals == 1 ? "" : "s")} of {rows} observation{(rows == 1 ? "" : "s")}"
            : "all pairs";
        Console.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"{string.Join(", ", written)}: {what}, in {took.TotalSeconds:0.0} s"));
    }
}
