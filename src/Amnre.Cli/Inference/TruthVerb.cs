using System.CommandLine;
using System.Globalization;
using Amnre.Cli.Original;
using Amnre.Cli.Terminal;
using Amnre.Engine;
using Amnre.Engine.Catalog;
using Amnre.Engine.Draws;
using Amnre.Engine.Masks;
using Amnre.Engine.Simulators;

namespace Amnre.Cli.Inference;

/// <summary><c>amnre truth</c>: draws from the true posteriors of observations, where the simulator's likelihood is known.</summary>
internal static class TruthVerb
{
    public static Command Create()
    {
        var options = new TruthOptions();
        var verb = new Command(
            "truth",
            """
            Draw from the true posterior of observations by the simulator's likelihood: in closed form where it is known, else by annealing
            populations from the prior to the posterior. The file is what 'amnre eval --reference' compares a model's draws with. OUT_quality.csv
            has for each observation the split R-hat of eight independent populations (1 where they agree), of how many independent draws the
            draws are worth, and the logarithm of p(x) with its error.

            Examples:
              amnre sample -simulator sbibm-two-moons -events -o two-moons.h5
              amnre truth sbibm-two-moons two-moons.h5 --draws 10000 -o two-moons-truth.h5
              amnre truth SLCP slcp-test.h5 --indices 0 10 --masks =1 =2 11111 -o slcp-truth.h5
              amnre eval slcp-amnre.pth slcp-test.h5 -masks 11111 --draws 10000 --reference slcp-truth.h5 -o slcp-amnre.csv
            """)
        {
            options.Simulator, options.Samples,
        };
        foreach (var option in options.All) verb.Options.Add(option);
        verb.SetAction((parsed, stop) => Task.FromResult(Run(options, parsed, TimeProvider.System, stop)));
        return verb;
    }

    private static int Run(TruthOptions options, ParseResult parsed, TimeProvider clock, CancellationToken stop)
    {
        var simulator = SimulatorCatalog.Find(parsed.GetRequiredValue(options.Simulator));
        using var processes = simulator as IDisposable;
        if (TrueReference.Error(simulator) is { } error) throw new InputException(error);
        var (samples, output) = (parsed.GetRequiredValue(options.Samples), parsed.GetRequiredValue(options.Output));
        if (Path.GetExtension(output) is not (".h5" or ".csv"))
            throw new InputException($"--output '{output}' does not end in .h5 or .csv, which chooses its format: name it so");
        if (Path.GetFullPath(output) == Path.GetFullPath(samples))
            throw new InputException($"--output '{output}' would be written over the observations: name another place");
        var draws = parsed.GetValue(options.Draws);
        if (draws < 1) throw new InputException($"--draws {draws} are none: give 1 or more, such as {TruthOptions.DefaultDraws}");
        var threads = parsed.GetValue(options.Threads);
        if (threads < 0) throw new InputException($"--threads {threads} are none: give 1 or more, or 0 for all processors");
        var masks = Masks(parsed.GetValue(options.Masks) ?? [], simulator);
        var rows = Rows(parsed.GetValue(options.Indices));
        var started = clock.GetTimestamp();
        using var progress = ProgressLine.OnStandardError(Path.GetFileName(output), clock);
        var making = new Making(progress, stop)
        {
            Output = $"'{output}'",
            Remedy = "Free space or name another place with --output.",
            Stopped = () => $"stopped{progress.After}; '{output}' was not written. The same command starts again and gives the same draws.",
        };
        return making.Run(() =>
        {
            if (Path.GetDirectoryName(Path.GetFullPath(output)) is { } folder) Directory.CreateDirectory(folder);
            var quality = $"{Path.ChangeExtension(output, null)}_quality.csv";
            var context = new RunContext { Progress = progress, Stop = stop, Clock = clock, Note = progress.Note };
            var count = TrueReference.Write(
                simulator, samples, rows, masks, draws, parsed.GetValue(options.Seed), threads == 0 ? Environment.ProcessorCount : threads,
                output, quality, context);
            progress.Dispose();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{output}, {quality}: {draws} draws of {count} true posterior{(count == 1 ? "" : "s")} of {simulator.PlainName}, in " +
                $"{clock.GetElapsedTime(started).TotalSeconds:0.0} s"));
            return ExitCode.Success;
        });
    }

    private static IReadOnlyList<ParameterMask> Masks(string[] texts, ISimulator simulator)
    {
        if (texts.Length == 0) return [ParameterMask.Full(simulator.ThetaSize)];
        var masks = MaskList.Expand(texts, simulator.ThetaSize, null, out var wrong);
        if (wrong.Count > 0) throw new InputException($"--masks: {string.Join("; ", wrong)}");
        return masks.Count > 0 ? [.. masks.Distinct()] : throw new InputException("--masks names no parameter: name at least one");
    }

    /// <summary>Null for all.</summary>
    private static (int First, int Last)? Rows(int[]? given)
    {
        if (given is not [var first, var last]) return null;
        return first >= 0 && last > first
            ? (first, last)
            : throw new InputException($"--indices {first} {last} hold no rows: give the first row, from 0, and the one after the last");
    }
}
