using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Amnre.Cli.Terminal;
using Amnre.Engine;
using Amnre.Engine.Catalog;
using Amnre.Engine.Checkpoints;
using Amnre.Engine.Simulators;
using Amnre.Engine.Tables;
using Amnre.Engine.Training;

namespace Amnre.Cli.Original;

/// <summary><c>amnre train</c>: one model, with the options of the original's train.py.</summary>
internal static class TrainVerb
{
    /// <summary>In the folder of checkpoints: the seed that was drawn for this training.</summary>
    private const string SeedFile = "seed";

    public static Command Create()
    {
        var options = new TrainOptions();
        var verb = new Command(
            "train",
            """
            Train one model, or replicates of it. Takes the options of the original train.py, with one dash or two, and cut short while unambiguous. Writes the
            weights, and beside them settings (.json) and statistics (.csv). Stopped or killed, the same command resumes from its last
            checkpoint and ends in the same weights.

            Examples:
              amnre train -simulator SLCP -samples slcp-train.h5 -valid slcp-valid.h5 -model '{"num_layers": 7, "hidden_size": 256, "activation": "ELU"}' -arbitrary -o slcp-amnre.pth
              amnre train -samples slcp-train.h5 -masks =1 =2 -o slcp-mnre.pth
              amnre train -samples slcp-train.h5 -arbitrary -device cuda --replicates 5 --seed 0 -o slcp-amnre.pth
              amnre train -samples slcp-train.h5 -flow -model '{"num_transforms": 5, "hidden_features": 64}' -o slcp-npe.pth
            """);
        foreach (var option in options.All) verb.Options.Add(option);
        verb.SetAction((parsed, stop) => Task.FromResult(Run(options, parsed, TimeProvider.System, stop)));
        return verb;
    }

    private static int Run(TrainOptions options, ParseResult parsed, TimeProvider clock, CancellationToken stop)
    {
        var simulator = SimulatorCatalog.Find(parsed.GetRequiredValue(options.Simulator));
        using var processes = simulator as IDisposable;
        var request = TrainRequest.Of(options, parsed, simulator);
        var checkpoints = Path.ChangeExtension(request.Output, ".checkpoints");
        using var progress = ProgressLine.OnStandardError(Path.GetFileName(request.Output), clock);
        var started = clock.GetTimestamp();
        var making = new Making(progress, stop)
        {
            Output = $"'{request.Output}'",
            Remedy = $"Free space or name another place with --output; what is trained is kept in '{checkpoints}'.",
            Stopped = () => $"stopped{progress.After}; its state is saved in '{checkpoints}'. The same command resumes it; " +
                "delete the folder to start over.",
        };
        return making.Run(() =>
        {
            TrainingMemory.Require(request.Settings, simulator, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
            var (seeded, drawn) = Seeded(request, checkpoints);
            var announced = progress.Announcing(drawn, "the same model");
            if (Train(seeded, simulator, checkpoints,
                    new RunContext { Progress = announced, Drain = stop, Clock = clock, Note = progress.Note })
                == RunEnd.Drained)
                throw new OperationCanceledException(stop);
            progress.Dispose();
            Directory.Delete(checkpoints, recursive: true);
            foreach (var model in seeded.Models) Tell(model, seeded.Json, clock.GetElapsedTime(started));
            return ExitCode.Success;
        });
    }

    private static RunEnd Train(TrainRequest request, ISimulator simulator, string checkpoints, RunContext context)
    {
        try
        {
            return TrainingRun.Run(request.Models, simulator, checkpoints, context);
        }
        catch (InputException)
        {
            // Nothing was begun: what is left of it would only puzzle.
            if (Directory.Exists(checkpoints) && Directory.GetFiles(checkpoints).All(file => Path.GetFileName(file) == SeedFile))
                Directory.Delete(checkpoints, recursive: true);
            throw;
        }
    }

    /// <summary>The request with the seed of the training that it resumes, or with a new one, which is then named beside it.</summary>
    private static (TrainRequest Request, ulong? Drawn) Seeded(TrainRequest request, string checkpoints)
    {
        if (request.SeedGiven) return (request, null);
        ulong? drawn = null;
        var file = Path.Combine(checkpoints, SeedFile);
        if (!File.Exists(file) || !ulong.TryParse(PlainFile.Text(file), NumberStyles.None, CultureInfo.InvariantCulture, out var seed))
        {
            drawn = seed = DrawnSeed.Next();
            Directory.CreateDirectory(checkpoints);
            File.WriteAllText(file, seed.ToString(CultureInfo.InvariantCulture));
        }

        return (request with { Settings = request.Settings with { Seed = seed } }, drawn);
    }

    private static void Tell(ModelTraining model, bool json, TimeSpan took)
    {
        var history = HistoryFile.Read(Path.ChangeExtension(model.Weights, ".csv"));
        var last = history[^1];
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(new Dictionary<string, object?>
            {
                ["output"] = Path.GetFullPath(model.Weights),
                ["seed"] = model.Settings.Seed,
                ["epochs"] = last.Epoch,
                ["loss"] = Finite(last.Mean),
                ["v_loss"] = Finite(last.ValidationMean),
                ["skipped_batches"] = ModelFile.Read(Path.ChangeExtension(model.Weights, ".json")).SkippedBatches,
                ["seconds"] = Math.Round(took.TotalSeconds, 3),
            }));
            return;
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{model.Weights}: {last.Epoch} epochs, loss " +
                $"{last.Mean:0.####}{(last.ValidationMean is { } validation ? $", validation {validation:0.####}" : "")}, in " +
                $"{took.TotalSeconds:0.0} s"));
    }

    // JSON has no word for what is not a number.
    private static float? Finite(float? value) => value is { } number && float.IsFinite(number) ? number : null;
}
