using System.CommandLine;
using System.Globalization;
using Amnre.Cli.Spelling;
using Amnre.Engine;
using Amnre.Engine.Inference;
using Amnre.Engine.Settings;

namespace Amnre.Cli.Inference;

/// <summary>What a user asked <c>amnre infer</c>.</summary>
/// <param name="Settings">What is asked of the model.</param>
/// <param name="Inputs">The files that are read.</param>
/// <param name="Output">The draws' file.</param>
/// <param name="Json">Whether to print JSON.</param>
internal sealed record InferRequest(InferSettings Settings, InferInputs Inputs, string Output, bool Json)
{
    /// <exception cref="InputException">It cannot be meant.</exception>
    public static InferRequest Of(InferOptions options, ParseResult parsed)
    {
        var inputs = new InferInputs(
            parsed.GetRequiredValue(options.Model), parsed.GetRequiredValue(options.Observations), parsed.GetValue(options.Key),
            parsed.GetValue(options.Simulator))
        {
            Others = parsed.GetValue(options.Ensemble) ?? [],
        };
        var (draws, figures, threads) = (parsed.GetValue(options.Draws), parsed.GetValue(options.Figures),
            parsed.GetValue(options.Threads));
        if (draws < 1) throw new InputException($"--draws {draws} cannot be: write 1 or more");
        if (figures < 0) throw new InputException($"--figures {figures} cannot be: write 0 or more");
        if (threads < 0) throw new InputException($"--threads {threads} cannot be: write 1 or more, or 0 for all");
        var output = parsed.GetValue(options.Output)
            ?? Path.Combine(Path.GetDirectoryName(inputs.Observations) ?? "",
                $"{Path.GetFileNameWithoutExtension(inputs.Observations)}_posterior.h5");
        if (!InferRun.DrawsEndings.Contains(Path.GetExtension(output)))
            throw new InputException($"--output '{output}' does not end in {string.Join(" or ", InferRun.DrawsEndings)}, which chooses " +
                "the draws' format: name it so; the other files are named after it");
        var settings = new InferSettings
        {
            Draws = draws,
            Figures = figures,
            Seed = parsed.GetValue(options.Seed),
            Masks = parsed.GetValue(options.Masks) ?? [],
            Given = Given(parsed.GetValue(options.Given) ?? []),
            BayesFactors = [.. (parsed.GetValue(options.BayesFactor) ?? []).Select(text => Pair("--bayes-factor", text))],
            Combine = Combining.Read(parsed.GetValue(options.Combine), inputs.Others.Count)
                ?? (inputs.Others.Count > 0 ? Combination.Mean : null),
            Threads = threads,
            Device = new ComputeDevice(parsed.GetRequiredValue(options.Device)),
        };
        string[] read = [.. ((string[])[inputs.Model, .. inputs.Others]).SelectMany(
            model => (string[])[model, Path.ChangeExtension(model, ".json")]), inputs.Observations];
        string[] written = [output, Path.ChangeExtension(output, ".json")];
        if (Array.Find(written, path => read.Select(Path.GetFullPath).Contains(Path.GetFullPath(path))) is { } clash)
            throw new InputException($"--output '{output}' would write '{clash}' over a file that it reads: name another place");
        return new InferRequest(settings, inputs, output, parsed.GetValue(options.Json));
    }

    private static Dictionary<string, float> Given(IReadOnlyList<string> texts)
    {
        var given = new Dictionary<string, float>();
        foreach (var text in texts)
        {
            var (name, value) = Pair("--given", text);
            if (!given.TryAdd(name, value)) throw new InputException($"--given names '{name}' twice: give one value");
        }

        return given;
    }

    private static (string Name, float Value) Pair(string option, string text) =>
        // A name may hold the sign itself, a number does not.
        text.LastIndexOf('=') is > 0 and var sign && text[..sign] is var name
        && float.TryParse(text.AsSpan(sign + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && float.IsFinite(value)
            ? (name, value)
            : throw new InputException($"{option} '{text}' is no NAME=VALUE: write a parameter's name and a number, such as beta=0.3");
}
