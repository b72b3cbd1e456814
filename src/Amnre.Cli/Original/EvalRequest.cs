using System.CommandLine;
using System.Globalization;
using Amnre.Cli.Spelling;
using Amnre.Engine;
using Amnre.Engine.Draws;
using Amnre.Engine.Fields;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;

namespace Amnre.Cli.Original;

/// <summary>What one <c>amnre eval</c> asks for, read from its command line.</summary>
/// <param name="Settings">What to measure.</param>
/// <param name="Inputs">Model and observations.</param>
/// <param name="Output">Table to write.</param>
/// <param name="DrawsOutput">File of draws, where there are any.</param>
/// <param name="Json">End with a line of JSON.</param>
internal sealed record EvalRequest(EvaluateSettings Settings, EvaluateInputs Inputs, string Output, string DrawsOutput, bool Json)
{
    private static readonly string[] DrawsEndings = [".h5", ".csv"];

    /// <summary>All files are named after the table's path without its ending.</summary>
    public string Stem => Path.ChangeExtension(Output, null);

    /// <param name="options">The verb's options.</param>
    /// <param name="parsed">Their values.</param>
    /// <param name="model">How the model was trained.</param>
    /// <param name="simulations">What it was trained on; null where its settings do not say.</param>
    /// <param name="simulator">The model's.</param>
    /// <exception cref="InputException">An option's value cannot be, or a file would be written over another that is read.</exception>
    public static EvalRequest Of(
        EvalOptions options, ParseResult parsed, TrainSettings model, string? simulations, ISimulator simulator)
    {
        var inputs = new EvaluateInputs(parsed.GetRequiredValue(options.Network), parsed.GetRequiredValue(options.Samples))
        {
            Others = parsed.GetValue(options.Ensemble) ?? [],
            Simulations = simulations,
        };
        var given = Spelled(options.Fields.Given(parsed));
        var settings = options.Fields.Read(given) with { Simulator = simulator.Name };
        // An NRE or NPE knows all parameters together only.
        if (!given.ContainsKey("masks") && model is { Arbitrary: false, Masks.Count: 0 })
            settings = settings with { Masks = [new string('1', simulator.ThetaSize)] };
        if (!given.ContainsKey("emd_limit") && settings.Emd == DistanceMethod.Exact)
            settings = settings with { EmdLimit = EvaluateSettings.MaxExactCells };
        Combining.Require(settings.Combine, inputs.Others.Count);
        if (inputs.Others.Count > 0) settings = settings with { Combine = settings.Combine ?? Combination.Mean };
        if (settings.Threads == 0) settings = settings with { Threads = Environment.ProcessorCount };
        var output = parsed.GetRequiredValue(options.Output);
        if (!output.EndsWith(".csv", StringComparison.Ordinal))
            throw new InputException($"--output '{output}' does not end in .csv: name the table so; the other files are named after it");
        var drawsOutput = parsed.GetValue(options.DrawsOutput) ?? $"{Path.ChangeExtension(output, null)}_draws.h5";
        if (!DrawsEndings.Contains(Path.GetExtension(drawsOutput)))
            throw new InputException($"--draws-output '{drawsOutput}' does not end in {string.Join(" or ", DrawsEndings)}, which chooses " +
                "its format: name it so");
        if (settings.Predictive && !drawsOutput.EndsWith(".h5", StringComparison.Ordinal))
            throw new InputException($"--predictive keeps draws and what they predict together, in .h5, not in '{drawsOutput}': name it " +
                "so");
        if (settings.Reference is { } reference and not TrueReference.Likelihood && !File.Exists(reference))
            throw new InputException($"--reference '{reference}': there is no such file: name draws, .h5 as --draws writes them");
        var request = new EvalRequest(settings, inputs, output, drawsOutput, parsed.GetValue(options.Json));
        request.CheckOverwriting();
        return request;
    }

    /// <summary>The original's <c>-emd</c> is its <c>-emd-limit</c>, cut short.</summary>
    private static Dictionary<string, RawValue> Spelled(Dictionary<string, RawValue> given)
    {
        if (given.TryGetValue("emd", out var emd) && emd is RawValue.Scalar { Text: var text }
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _))
        {
            given.Remove("emd");
            given["emd_limit"] = emd;
        }

        return given;
    }

    private void CheckOverwriting()
    {
        string[] written = [Output, $"{Stem}.json", $"{Stem}.h5", DrawsOutput, $"{Stem}_reference.h5"];
        string[] read = [.. ((string[])[Inputs.Model, .. Inputs.Others]).SelectMany(
                model => (string[])[model, Path.ChangeExtension(model, ".json"), Path.ChangeExtension(model, ".csv")]),
            Inputs.Samples, .. Settings.Reference is { } reference and not TrueReference.Likelihood ? [reference] : (string[])[]];
        if (written.Concat(read).FirstOrDefault(path => path.Length == 0 || path.Contains('\0', StringComparison.Ordinal)) is { } none)
            throw new InputException($"'{none}' is no path: name the model, the samples and the files to write");
        var full = read.Select(Path.GetFullPath).ToList();
        if (Array.Find(written, path => full.Contains(Path.GetFullPath(path))) is { } clash)
            throw new InputException($"--output '{Output}' would write '{clash}' over a file that it reads, of the model, the samples or " +
                "the reference: name another place");
    }
}
