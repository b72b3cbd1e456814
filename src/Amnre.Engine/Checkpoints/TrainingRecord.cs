using System.Globalization;
using Amnre.Engine.Rows;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Checkpoints;

/// <summary>What a model was trained on, as far as it decides which observations it can judge. Part of the model's settings file under the
/// key
/// <c>trained_on</c>, which the original's programs do not read and its files lack.</summary>
internal sealed record TrainingRecord
{
    /// <summary>Observations of more values have their moments' digest recorded, but not the moments.</summary>
    public const int MaxListed = 4096;

    /// <summary>What decides the simulator's rows: its name, or the digest of its manifest or pack.</summary>
    public required string Simulator { get; init; }

    /// <summary>Names of the parameters, in their order; null where an earlier version did not record them.</summary>
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>Of a reduced basis that x was written in; null for none, or the simulator's own.</summary>
    public string? BasisDigest { get; init; }

    /// <summary>Bounds of the prior's support, one per parameter.</summary>
    public required IReadOnlyList<float> Low { get; init; }

    /// <inheritdoc cref="Low"/>
    public required IReadOnlyList<float> High { get; init; }

    /// <summary>SHA-256 of mu and sigma, by which x was standardised; null where it was not.</summary>
    public string? MomentsDigest { get; init; }

    /// <summary>The moments themselves; null where there are none, or more than <see cref="MaxListed"/> values.</summary>
    public ObservationMoments? Moments { get; init; }

    /// <summary>The ratio is known up to a factor c(x) of the observation, for each subset of the parameters another (NRE-B): posteriors
    /// are right once they are divided by their total, while the total itself and the ratio at one parameter mean nothing.</summary>
    public bool HasFreeFactor { get; init; }

    /// <summary>Batches that were skipped because a number was not finite.</summary>
    public long SkippedBatches { get; init; }

    /// <summary>What x is standardised with, for observations as they were measured; null for x as it is.</summary>
    /// <param name="model">Its weights, for messages.</param>
    /// <param name="remedy">What to do where the moments are not recorded.</param>
    /// <exception cref="InputException">They are more than are recorded.</exception>
    public ObservationMoments? MomentsToApply(string model, string remedy) => MomentsDigest is null || Moments is not null ? Moments
        : throw new InputException($"model '{model}' was trained on x standardised by moments of more than {MaxListed} values, which it " +
            $"does not carry: {remedy}");

    /// <summary>How a simulator differs from that of the training though it is called the same; null when it does not.</summary>
    public string? Differs(ISimulator simulator)
    {
        if (Labels is not null && !Labels.SequenceEqual(simulator.Labels))
            return $"parameters {string.Join(", ", Labels)}, and {SimulatorReference.Plain(simulator.Name)} has " +
                string.Join(", ", simulator.Labels);
        for (var k = 0; k < Math.Min(Low.Count, simulator.ThetaSize); k++)
        {
            if (Low[k] == simulator.Low[k] && High[k] == simulator.High[k]) continue;
            return string.Create(CultureInfo.InvariantCulture,
                $"a prior of {simulator.Labels[k]} on [{Low[k]:R}, {High[k]:R}), and that of {SimulatorReference.Plain(simulator.Name)} " +
                $"is on [{simulator.Low[k]:R}, {simulator.High[k]:R})");
        }

        return null;
    }

    public static TrainingRecord Of(ISimulator simulator, ObservationMoments? moments, string? basisDigest) => new()
    {
        Simulator = SimulatorReference.Identity(simulator.Name),
        Labels = simulator.Labels,
        BasisDigest = basisDigest,
        Low = simulator.Low,
        High = simulator.High,
        MomentsDigest = moments?.Digest(),
        Moments = moments?.Mu.Count <= MaxListed ? moments : null,
    };
}
