using System.CommandLine;
using System.Globalization;
using Amnre.Cli.Spelling;
using Amnre.Engine;
using Amnre.Engine.Settings;
using Amnre.Engine.Verdicts;

namespace Amnre.Cli.Inference;

/// <summary>What a user asked <c>amnre verdict</c>.</summary>
/// <param name="Settings">What is asked.</param>
/// <param name="Inputs">The files that are read.</param>
/// <param name="Require">Checks that must not fail.</param>
/// <param name="Output">The report.</param>
/// <param name="Json">Whether to print JSON.</param>
internal sealed record VerdictRequest(
    VerdictSettings Settings, VerdictInputs Inputs, IReadOnlyList<VerdictCheck> Require, string Output, bool Json)
{
    /// <exception cref="InputException">It cannot be meant.</exception>
    public static VerdictRequest Of(VerdictOptions options, ParseResult parsed)
    {
        var model = parsed.GetRequiredValue(options.Model);
        var inputs = new VerdictInputs(
            model, parsed.GetRequiredValue(options.Data), parsed.GetValue(options.Observation), parsed.GetValue(options.Key),
            parsed.GetValue(options.Reference), parsed.GetValue(options.Ensemble) ?? [], parsed.GetValue(options.Simulator));
        if (parsed.GetValue(options.Threads) is var threads && threads < 0)
            throw new InputException($"--threads {threads} cannot be: write 1 or more, or 0 for all");
        if (parsed.GetValue(options.Rows) is var rows && rows < VerdictRows.Least)
            throw new InputException($"--rows {rows} tell nothing of calibration: write {VerdictRows.Least} or more");
        var combine = Combining.Read(parsed.GetValue(options.Combine), inputs.Ensemble.Count);
        if (inputs.Ensemble.Count > 0 && inputs.Observations is null && combine is null)
            throw new InputException("--ensemble compares models at observations: give --observation too, or --combine to judge the " +
                "models as one");
        if (inputs.Key is not null && inputs.Observations is null)
            throw new InputException($"--key '{inputs.Key}' names an array of observations: give --observation too");
        var output = parsed.GetValue(options.Output) ?? $"{Path.ChangeExtension(model, null)}_verdict.json";
        if (Path.GetExtension(output) != ".json") throw new InputException($"--output '{output}' does not end in .json: name it so");
        string?[] read = [model, Path.ChangeExtension(model, ".json"), inputs.Data, inputs.Observations, inputs.Reference,
            .. inputs.Ensemble, .. inputs.Ensemble.Select(path => Path.ChangeExtension(path, ".json"))];
        if (read.OfType<string>().Select(Path.GetFullPath).Contains(Path.GetFullPath(output)))
            throw new InputException($"--output '{output}' would write over a file that is read: name another place");
        var settings = new VerdictSettings
        {
            Rows = rows,
            Seed = parsed.GetValue(options.Seed),
            Combine = combine,
            Threads = threads,
            Device = new ComputeDevice(parsed.GetRequiredValue(options.Device)),
            Thresholds = Thresholds(parsed.GetValue(options.Threshold) ?? []),
        };
        return new VerdictRequest(
            settings, inputs, [.. (parsed.GetValue(options.Require) ?? []).Select(text => Check("--require", text))], output,
            parsed.GetValue(options.Json));
    }

    private static Dictionary<VerdictCheck, double> Thresholds(IReadOnlyList<string> texts)
    {
        var thresholds = new Dictionary<VerdictCheck, double>();
        foreach (var text in texts)
        {
            if (text.Split('=', 2) is not [var name, var number]
                || !double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
                throw new InputException(
                    $"--threshold '{text}' is no CHECK=NUMBER: write a check's name and a number, such as coverage=0.1");
            if (!thresholds.TryAdd(Check("--threshold", name), value))
                throw new InputException($"--threshold names '{name}' twice: give one number");
        }

        // Numbers that cannot be are told of before any file is read.
        VerdictLimits.With(thresholds);
        return thresholds;
    }

    private static VerdictCheck Check(string option, string name) =>
        EnumName.TryParse<VerdictCheck>(name, out var check)
            ? check
            : throw new InputException($"{option} '{name}' is no check: choose of {string.Join(", ", EnumName.All<VerdictCheck>())}");
}
