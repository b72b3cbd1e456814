using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Amnre.Cli.Terminal;
using Amnre.Engine;
using Amnre.Engine.Catalog;
using Amnre.Engine.Datasets;
using Amnre.Engine.SampleFiles;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;

namespace Amnre.Cli.Original;

/// <summary><c>amnre sample</c>: simulations into an HDF5 file, with the options of the original's sample.py.</summary>
internal static class SampleVerb
{
    public static Command Create()
    {
        var options = new SampleOptions();
        var verb = new Command(
            "sample",
            """
            Draw simulations into an HDF5 file: theta (rows, D) and x (rows, …), float32. Takes the options of the original sample.py, with
            one dash or two, and cut short while unambiguous. The file appears when it is whole; its bytes follow from simulator, seed, rows,
            chunk size and the options that say so, whatever the machine.

            Examples:
              amnre sample -simulator SLCP -seed 0 -samples 1048576 -o slcp-train.h5
              amnre sample -simulator HH -seed 0 -moments -events -o hh-event.h5
              amnre sample -simulator HH -seed 1 -moments -reference hh-event.h5 -samples 131072 -o hh-test.h5
              amnre sample -simulator GW -live -seed 1 -samples 4194304 -o gw-train.h5
              amnre sample --seed 0 --first-row 1048576 --samples 1048576 -o shards/slcp-train-1.h5
            """);
        foreach (var option in options.All) verb.Options.Add(option);
        verb.SetAction(
            (parsed, stop) => Task.FromResult(Run(SampleRequest.Of(options, parsed, DrawnSeed.Next), TimeProvider.System, stop)));
        return verb;
    }

    private static int Run(SampleRequest request, TimeProvider clock, CancellationToken stop)
    {
        var started = clock.GetTimestamp();
        var simulator = SimulatorCatalog.Find(request.Simulator);
        using var processes = simulator as IDisposable;
        if (request.Basis is { } basis)
            simulator = (simulator as IReducedBasisSimulator
                ?? throw new InputException(
                    $"--basis says nothing for {simulator.PlainName}, whose observations are in no basis: leave it out")).WithBasis(basis);
        if (request.Live && simulator is ILiveNoise noisy) simulator = noisy.Signals;
        else if (request.Live)
            Console.Error.WriteLine($"amnre: --live says nothing for {simulator.PlainName}: it has no noise that could be added later");
        using var device = SimulatorDevice.Open(simulator, request.Events ? null : request.Device);
        foreach (var note in request.Notes) Console.Error.WriteLine($"amnre: {note}");
        using var progress = ProgressLine.OnStandardError(Path.GetFileName(request.Output), clock);
        var making = new Making(progress, stop)
        {
            Output = $"'{request.Output}'",
            Remedy = "Nothing of it is left; free space or name another place with --output.",
            Stopped = () => Stopped(request, progress.After),
        };
        return making.Run(() =>
        {
            if (!request.Events && request.Draw.Compression == 0) DatasetSize.Require(simulator, request.Draw.Rows, request.Output);
            var announced = progress.Announcing(request.SeedWasDrawn ? request.Draw.Seed : null, "the same rows");
            var context = new RunContext { Progress = announced, Stop = stop, Clock = clock };
            var origin = request.Events
                ? EventFile.Write(simulator, request.Draw.Seed, request.Draw.MomentRows, request.Draw.Reference, request.Output,
                    request.Draw.Threads, context)
                : DatasetDrawing.Run(request.Draw, device.Simulator, request.Output, context);
            progress.Dispose();
            Tell(request, origin ?? throw new OperationCanceledException(stop), clock.GetElapsedTime(started));
            return ExitCode.Success;
        });
    }

    private static string Stopped(SampleRequest request, string after)
    {
        return $"stopped{after}; '{request.Output}' was not written. The same command with --seed {request.Draw.Seed} starts again and " +
            "gives the same rows; "
            + "to keep what is done when stopping, draw shards with --first-row and --samples, and give their folder to the command that " +
                "reads them.";
    }

    private static void Tell(SampleRequest request, SampleOrigin origin, TimeSpan took)
    {
        var rows = request.Events ? origin.EndRow : request.Draw.Rows;
        if (request.Json)
        {
            Console.WriteLine(JsonSerializer.Serialize(new Dictionary<string, object?>
            {
                ["output"] = Path.GetFullPath(request.Output),
                ["simulator"] = origin.Simulator,
                ["seed"] = origin.Seed,
                ["content"] = EnumName.Of(origin.Content),
                ["rows"] = rows,
                ["first_row"] = origin.FirstRow,
                ["end_row"] = origin.EndRow,
                ["nonfinite_rows"] = origin.NonFiniteRows,
                ["theta_sha256"] = Convert.ToHexStringLower(origin.ThetaDigest.Span),
                ["x_sha256"] = Convert.ToHexStringLower(origin.XDigest.Span),
                ["bytes"] = new FileInfo(request.Output).Length,
                ["seconds"] = Math.Round(took.TotalSeconds, 3),
            }));
            return;
        }

        var what = origin.Content == SampleContent.Events ? $"{rows} event{(rows == 1 ? "" : "s")}" : $"{rows} rows";
        var gone = origin.NonFiniteRows == 0
            ? ""
            : $", {origin.NonFiniteRows} not finite {(origin.OnNonFinite == NonFinitePolicy.Drop ? "dropped" : "kept")}";
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{request.Output}: {what} of {SimulatorReference.Plain(origin.Simulator)}, seed {origin.Seed}{gone}, in " +
                $"{took.TotalSeconds:0.00} s"));
    }
}
