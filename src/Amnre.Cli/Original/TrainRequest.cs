using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Amnre.Engine;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;
using Amnre.Engine.Training;

namespace Amnre.Cli.Original;

/// <summary>What one <c>amnre train</c> asks for, read from its command line.</summary>
/// <param name="Settings">How to train, all replicates; the seed is 0 where none was given.</param>
/// <param name="SeedGiven">Somebody named the seed.</param>
internal sealed record TrainRequest(TrainSettings Settings, TrainInputs Inputs, string Output, bool SeedGiven, bool Json)
{
    /// <summary>The original's default for "no adversary", which its own files hold.</summary>
    private const string NoAdversary = "notafile.pth";

    /// <exception cref="InputException">An option's value cannot be read, or a file is not there.</exception>
    public static TrainRequest Of(TrainOptions options, ParseResult parsed, ISimulator simulator)
    {
        var usual = new TrainSettings { Simulator = simulator.Name };
        var threads = parsed.GetValue(options.Threads);
        var settings = usual with
        {
            Device = parsed.GetRequiredValue(options.Device),
            Seed = parsed.GetValue(options.Seed) ?? 0,
            Threads = threads == 0 ? Environment.ProcessorCount : threads,
            Live = parsed.GetValue(options.Live),
            Model = Keywords("--model", parsed.GetRequiredValue(options.Model)) ?? [],
            Hyper = parsed.GetValue(options.Hyper) is { } hyper ? Keywords("--hyper", hyper) : null,
            Embedding = Keywords("--embedding", parsed.GetRequiredValue(options.Embedding)) ?? [],
            Flow = parsed.GetValue(options.Flow),
            Arbitrary = parsed.GetValue(options.Arbitrary),
            Masks = parsed.GetRequiredValue(options.Masks),
            Filter = parsed.GetValue(options.Filter),
            Criterion = parsed.GetRequiredValue(options.Criterion),
            Inverse = parsed.GetValue(options.Inverse),
            Epochs = parsed.GetValue(options.Epochs),
            Descents = parsed.GetValue(options.Descents),
            BatchSize = parsed.GetValue(options.BatchSize),
            LearningRate = parsed.GetValue(options.LearningRate),
            WeightDecay = parsed.GetValue(options.WeightDecay),
            AmsGrad = parsed.GetValue(options.AmsGrad),
            Scheduler = parsed.GetRequiredValue(options.Scheduler),
            Patience = parsed.GetValue(options.Patience) ?? usual.Patience,
            Threshold = parsed.GetValue(options.Threshold) ?? usual.Threshold,
            Factor = parsed.GetValue(options.Factor) ?? usual.Factor,
            MinLearningRate = parsed.GetValue(options.MinLearningRate),
            Clip = parsed.GetValue(options.Clip),
            Average = parsed.GetValue(options.Average),
            EarlyStopping = parsed.GetValue(options.EarlyStopping),
            Keep = parsed.GetRequiredValue(options.Keep),
            BufferMebibytes = parsed.GetValue(options.Buffer),
            Replicates = parsed.GetValue(options.Replicates),
        };
        var adversary = parsed.GetValue(options.Adversary) is { } name && name != NoAdversary ? Existing("--adversary", name) : null;
        var inputs = new TrainInputs(
            parsed.GetValue(options.Samples), parsed.GetValue(options.Valid),
            parsed.GetValue(options.Weights) is { } weights ? Existing("--weights", weights) : null, adversary);
        var output = parsed.GetRequiredValue(options.Output);
        if (!output.EndsWith(".pth", StringComparison.Ordinal))
            throw new InputException(
                $"--output '{output}' does not end in .pth: name the weights so, and amnre convert makes a .safetensors of them");
        return new TrainRequest(settings, inputs, output, parsed.GetValue(options.Seed) is not null, parsed.GetValue(options.Json));
    }

    /// <summary>The models to train: one, or replicates, whose weights are called like the output and numbered from 1.</summary>
    public IReadOnlyList<ModelTraining> Models => [.. Settings.Each().Select((own, i) =>
        new ModelTraining(own, Inputs, Settings.Replicates is null ? Output : $"{Path.ChangeExtension(Output, null)}-{i + 1}.pth"))];

    private static string Existing(string option, string path) =>
        File.Exists(path) ? path : throw new InputException($"{option} '{path}' is not there: name the .pth of a trained model");

    private static JsonObject? Keywords(string option, string text)
    {
        try
        {
            return StrictJson.Parse(text) switch
            {
                null => null,
                JsonObject keywords => keywords,
                _ => throw new JsonException("not an object"),
            };
        }
        catch (JsonException wrong)
        {
            throw new InputException(
                $"{option} {text} is not a JSON object ({wrong.Message.Split('.')[0]}): write {option} '{{\"num_layers\": 7, " +
                    $"\"hidden_size\": 256, \"activation\": \"ELU\"}}'", wrong);
        }
    }
}
