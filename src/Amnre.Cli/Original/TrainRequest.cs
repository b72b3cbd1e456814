using System.CommandLine;
using Amnre.Engine;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;
using Amnre.Engine.Training;

namespace Amnre.Cli.Original;

/// <summary>What one <c>amnre train</c> asks for, read from its command line.</summary>
/// <param name="Settings">How to train, all replicates; the seed is 0 where none was given.</param>
/// <param name="SeedGiven">The user named the seed.</param>
internal sealed record TrainRequest(TrainSettings Settings, TrainInputs Inputs, string Output, bool SeedGiven, bool Json)
{
    /// <summary>The original's default for "no adversary", which its own files hold.</summary>
    private const string NoAdversary = "notafile.pth";

    /// <exception cref="InputException">An option's value cannot be read, or a file is not there.</exception>
    public static TrainRequest Of(TrainOptions options, ParseResult parsed, ISimulator simulator)
    {
        var given = options.Fields.Given(parsed);
        var settings = options.Fields.Read(given) with { Simulator = simulator.Name };
        if (settings.Threads == 0) settings = settings with { Threads = Environment.ProcessorCount };
        var adversary = parsed.GetValue(options.Adversary) is { } name && name != NoAdversary ? Existing("--adversary", name) : null;
        var inputs = new TrainInputs(
            parsed.GetValue(options.Samples), parsed.GetValue(options.Valid),
            parsed.GetValue(options.Weights) is { } weights ? Existing("--weights", weights) : null, adversary);
        var output = parsed.GetRequiredValue(options.Output);
        if (!output.EndsWith(".pth", StringComparison.Ordinal))
            throw new InputException(
                $"--output '{output}' does not end in .pth: name the weights so, and amnre convert makes a .safetensors of them");
        return new TrainRequest(settings, inputs, output, given.ContainsKey("seed"), parsed.GetValue(options.Json));
    }

    /// <summary>The models to train: one, or replicates, whose weights are called like the output and numbered from 1.</summary>
    public IReadOnlyList<ModelTraining> Models => [.. Settings.Each().Select((own, i) =>
        new ModelTraining(own, Inputs, Settings.Replicates is null ? Output : $"{Path.ChangeExtension(Output, null)}-{i + 1}.pth"))];

    private static string Existing(string option, string path) =>
        File.Exists(path) ? path : throw new InputException($"{option} '{path}' is not there: name the .pth of a trained model");
}
