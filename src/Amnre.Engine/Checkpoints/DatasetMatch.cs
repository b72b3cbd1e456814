using System.Globalization;
using Amnre.Engine.Catalog;
using Amnre.Engine.Rows;
using Amnre.Engine.SampleFiles;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Checkpoints;

/// <summary>Whether samples are what a model takes: of its simulator, within its prior, standardised as it was trained.</summary>
internal static class DatasetMatch
{
    /// <exception cref="InputException">A file says that it is of another simulator, or names other parameters.</exception>
    public static void RequireSimulator(string path, SampleSet samples, ISimulator simulator)
    {
        // What other programs call their simulators may mean anything, except where it is one of ours.
        var others = samples.Simulators.Where(name => SimulatorReference.Identity(name) != SimulatorReference.Identity(simulator.Name))
            .Concat(samples.Claims.Where(name => name != simulator.Name && SimulatorCatalog.Names.Contains(name)));
        if (others.FirstOrDefault() is { } other)
            throw new InputException($"samples '{path}' are of simulator {SimulatorReference.Plain(other)}, not of " +
                $"{SimulatorReference.Plain(simulator.Name)}: give samples of {SimulatorReference.Plain(simulator.Name)}, or a model of " +
                SimulatorReference.Plain(other) + (SimulatorReference.IsDeclared(simulator.Name) && SimulatorReference.IsPath(other)
                    ? $"; if the model's arrays came from it, name it with -simulator {SimulatorReference.Plain(other)}"
                    : ""));
        if (samples.Labels.FirstOrDefault(one => !one.Labels.SequenceEqual(simulator.Labels)) is { Path: { } file } named)
            throw new InputException($"samples '{file}' have parameters {string.Join(", ", named.Labels)}, and " +
                $"{SimulatorReference.Plain(simulator.Name)} has {string.Join(", ", simulator.Labels)}: write the columns of theta in " +
                "this order, and name them so in the attribute 'parameters' of theta");
    }

    /// <param name="firstRow">Number of the first of the rows.</param>
    /// <param name="theta">(n, D), row-major.</param>
    /// <exception cref="InputException">A row is outside the prior's bounds.</exception>
    public static void RequireSupport(SampleSet samples, ISimulator simulator, long firstRow, ReadOnlySpan<float> theta)
    {
        // What is not a number is counted where it is met.
        if (PriorSupport.FirstOutside(simulator, theta) is not var (row, k)) return;
        throw new InputException(string.Create(CultureInfo.InvariantCulture,
            $"{samples.Describe(firstRow + row)} has {simulator.Labels[k]} = {theta[row * simulator.ThetaSize + k]:R}, outside the prior " +
            $"of {SimulatorReference.Plain(simulator.Name)}, [{simulator.Low[k]:R}, {simulator.High[k]:R}): give samples of " +
            $"{SimulatorReference.Plain(simulator.Name)} with its own units and bounds"));
    }

    /// <summary>Why a model cannot judge samples; null when it can, as far as moments go.</summary>
    /// <param name="model">Its weights.</param>
    /// <param name="record">What it was trained on.</param>
    /// <param name="path">The samples.</param>
    /// <param name="moments">Theirs.</param>
    public static string? Error(string model, TrainingRecord record, string path, ObservationMoments? moments)
    {
        var remedy = "make samples with the moments of its training: amnre sample -moments -reference FILE, where FILE is its training " +
            "dataset or one with the same 'mu' and 'sigma'";
        return (record.MomentsDigest, moments) switch
        {
            (null, null) => null,
            (null, { } given) => $"model '{model}' was trained on x as simulated, but samples '{path}' have {Text(given)}, by which x " +
                "would be standardised: give samples without them (amnre sample without -moments)",
            (not null, null) => $"model '{model}' was trained on x standardised with {Text(record.Moments)}, but samples '{path}' have " +
                $"no 'mu' and 'sigma': {remedy}",
            ({ } digest, { } given) when digest != given.Digest() =>
                $"model '{model}' was trained on x standardised with {Text(record.Moments)}, but samples '{path}' have " +
                    $"{Text(given, record.Moments)}: {remedy}",
            _ => null,
        };
    }

    /// <summary>Why a model cannot judge samples, whose x is written in another reduced basis than that of its training; null when it
    /// can.</summary>
    /// <inheritdoc cref="Error"/>
    public static string? BasisError(string model, TrainingRecord record, string path, SampleSet samples) =>
        !samples.Simulators.Any() || record.BasisDigest == samples.BasisDigest ? null
            : $"model '{model}' was trained on x in {Basis(record.BasisDigest)}, but samples '{path}' are in " +
                $"{Basis(samples.BasisDigest)}: draw them with the basis of its training (amnre sample -basis FILE)";

    /// <exception cref="InputException">Training and validation are written in other reduced bases.</exception>
    public static void RequireSameBasis(string samples, SampleSet training, string valid, SampleSet validation)
    {
        if (!training.Simulators.Any() || !validation.Simulators.Any() || training.BasisDigest == validation.BasisDigest) return;
        throw new InputException($"samples '{samples}' are in {Basis(training.BasisDigest)}, but the validation set '{valid}' is in " +
            $"{Basis(validation.BasisDigest)}: draw both with one basis (amnre sample -basis FILE)");
    }

    private static string Basis(string? digest) => digest is null
        ? "the simulator's own reduced basis"
        : $"the reduced basis of SHA-256 {digest[..12]}…";

    /// <exception cref="InputException">Training and validation would be standardised differently.</exception>
    public static void RequireSameMoments(string samples, ObservationMoments? moments, string valid, ObservationMoments? other)
    {
        if (moments is null ? other is null : moments.IsSameAs(other)) return;
        throw new InputException(
            $"samples '{samples}' have {Text(moments, other)}, but the validation set '{valid}' has {Text(other, moments)}: make both " +
            "with the same moments, "
            + $"the second by amnre sample -moments -reference {(moments is null ? "FILE" : samples)}, or both without");
    }

    /// <summary>The first value that differs from others, or simply the first.</summary>
    private static string Text(ObservationMoments? moments, ObservationMoments? other = null)
    {
        if (moments is null) return other is null ? "'mu' and 'sigma'" : "no 'mu' and 'sigma'";
        var place = 0;
        if (other is not null && other.Mu.Count == moments.Mu.Count)
            place = Math.Max(0,
                Enumerable.Range(0, moments.Mu.Count)
                    .FirstOrDefault(i => moments.Mu[i] != other.Mu[i] || moments.Sigma[i] != other.Sigma[i]));
        return string.Create(CultureInfo.InvariantCulture,
            $"mu[{place}] = {moments.Mu[place]:R} and sigma[{place}] = {moments.Sigma[place]:R}");
    }
}
