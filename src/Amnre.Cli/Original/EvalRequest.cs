using System.CommandLine;
using System.Globalization;
using Amnre.Engine;
using Amnre.Engine.Fields;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;

namespace Amnre.Cli.Original;

/// <summary>What one <c>amnre eval</c> asks for, read from its command line.</summary>
/// <param name="Settings">What to measure.</param>
/// <param name="Inputs">Model and observations.</param>
/// <param name="Output">Table to write.</param>
/// <param name="Draws">Draws to write of each posterior; 0 for none.</param>
/// <param name="DrawsOutput">Their file.</param>
/// <param name="Predictive">Simulate an observation from each draw.</param>
/// <param name="Reference">Draws to compare with; null for none.</param>
/// <param name="Coverage">Write the expected coverage.</param>
/// <param name="Diagnostics">Write ranks and distances to random points.</param>
/// <param name="Json">End with a line of JSON.</param>
internal sealed record EvalRequest(
    EvaluateSettings Settings, EvaluateInputs Inputs, string Output, int Draws, string DrawsOutput, bool Predictive, string? Reference,
    bool Coverage, bool Diagnostics, bool Json)
{
    private static readonly string[] DrawsEndings = [".h5", ".csv"];

    /// <summary>All files are named after the table's path without its ending.</summary>
    public string Stem => Path.ChangeExtension(Output, null);

    /// <summary>Table of the comparison with reference draws.</summary>
    public string Comparison => $"{Stem}_c2st.csv";

    /// <summary>Whether anything asked for is made of draws.</summary>
    public bool NeedsDraws => Draws > 0 || Diagnostics;

    /// <param name="options">The verb's options.</param>
    /// <param name="parsed">Their values.</param>
    /// <param name="model">How the model was trained.</param>
    /// <param name="simulator">The model's.</param>
    /// <exception cref="InputException">An option's value cannot be, or a file would be written over another that is read.</exception>
    public static EvalRequest Of(EvalOptions options, ParseResult parsed, TrainSettings model, ISimulator simulator)
    {
        var inputs = new EvaluateInputs(parsed.GetRequiredValue(options.Network), parsed.GetRequiredValue(options.Samples));
        var (draws, coverage, diagnostics) = (parsed.GetValue(options.Draws), parsed.GetValue(options.Coverage),
            parsed.GetValue(options.Diagnostics));
        var given = Spelled(options.Fields.Given(parsed));
        var settings = options.Fields.Read(given) with { Simulator = simulator.Name };
        // An NRE or NPE knows all parameters together only.
        if (!given.ContainsKey("masks") && model is { Arbitrary: false, Masks.Count: 0 })
            settings = settings with { Masks = [new string('1', simulator.ThetaSize)] };
        if (!given.ContainsKey("emd_limit") && settings.Emd == DistanceMethod.Exact)
            settings = settings with { EmdLimit = EvaluateSettings.MaxExactCells };
        if (settings.Threads == 0) settings = settings with { Threads = Environment.ProcessorCount };
        if (coverage) settings = settings with { Calibration = true };
        var output = parsed.GetRequiredValue(options.Output);
        if (!output.EndsWith(".csv", StringComparison.Ordinal))
            throw new InputException($"--output '{output}' does not end in .csv: name the table so; the other files are named after it");
        if (draws < 0) throw new InputException($"--draws {draws} cannot be: write 1 or more, or 0 for none");
        var drawsOutput = parsed.GetValue(options.DrawsOutput) ?? $"{Path.ChangeExtension(output, null)}_draws.h5";
        if (!DrawsEndings.Contains(Path.GetExtension(drawsOutput)))
            throw new InputException($"--draws-output '{drawsOutput}' does not end in {string.Join(" or ", DrawsEndings)}, which chooses " +
                "its format: name it so");
        var (predictive, reference) = (parsed.GetValue(options.Predictive), parsed.GetValue(options.Reference));
        if (predictive && (draws == 0 || !drawsOutput.EndsWith(".h5", StringComparison.Ordinal)))
            throw new InputException("--predictive simulates from draws and keeps both together: give --draws too, into .h5");
        if (reference is not null && !File.Exists(reference))
            throw new InputException($"--reference '{reference}': there is no such file: name draws, .h5 as --draws writes them");
        if (reference is not null && draws == 0)
            throw new InputException($"--reference '{reference}' is what draws are compared with: give --draws too");
        var request = new EvalRequest(settings, inputs, output, draws, drawsOutput, predictive, reference, coverage, diagnostics,
            parsed.GetValue(options.Json));
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
        string[] written = [Output, $"{Stem}.json", $"{Stem}.h5", DrawsOutput];
        string[] read = [Inputs.Model, Path.ChangeExtension(Inputs.Model, ".json"), Path.ChangeExtension(Inputs.Model, ".csv"),
            Inputs.Samples, .. Reference is null ? [] : (string[])[Reference]];
        if (written.Concat(read).FirstOrDefault(path => path.Length == 0 || path.Contains('\0', StringComparison.Ordinal)) is { } none)
            throw new InputException($"'{none}' is no path: name the model, the samples and the files to write");
        var full = read.Select(Path.GetFullPath).ToList();
        if (Array.Find(written, path => full.Contains(Path.GetFullPath(path))) is { } clash)
            throw new InputException($"--output '{Output}' would write '{clash}' over a file that it reads, of the model, the samples or " +
                "the reference: name another place");
    }
}
