using Amnre.Engine.Checkpoints;
using Amnre.Engine.Estimators;
using Amnre.Engine.Masks;
using Amnre.Engine.Posteriors;
using Amnre.Engine.Settings;

namespace Amnre.Engine.Ensembles;

/// <summary>Several trained models as one posterior, by the mean of their log ratios or of their ratios. It knows the subsets that all of
/// them know. Lakshminarayanan, Pritzel and Blundell, Simple and scalable predictive uncertainty estimation using deep ensembles
/// (NeurIPS 2017); for ratios: Hermans et al., A trust crisis in simulation-based inference? (TMLR 2022).</summary>
/// <param name="members">At least one, of the same simulator and standardisation; owned from now on.</param>
/// <param name="combination">How.</param>
internal sealed class Ensemble(IReadOnlyList<TrainedModel> members, Combination combination) : ITrainedPosterior
{
    private TrainedModel? Only => members.Count == 1 ? members[0] : null;

    public TrainingRecord? TrainedOn => members[0].TrainedOn is { } record ? record with { HasFreeFactor = HasFreeFactor } : null;

    public bool TakesMissing => members.All(member => member.TakesMissing);

    public bool HasFreeFactor => members.Any(member => member.HasFreeFactor);

    public bool DrawsDirectly => Only is IDirectPosterior { DrawsDirectly: true };

    /// <summary>Of several members the frozen ratios are parts of theirs.</summary>
    public bool? WeighsJoint => Only?.WeighsJoint;

    public bool Covers(ParameterMask mask) => members.All(member => member.Covers(mask));

    public void LogDensity(ParameterMask mask, ReadOnlySpan<float> x, ReadOnlySpan<float> theta, Span<float> result)
    {
        var each = new List<float[]>();
        foreach (var member in members)
        {
            var own = new float[result.Length];
            member.LogDensity(mask, x, theta, own);
            each.Add(own);
        }

        CombinedRatios.Combine(each, combination, result);
    }

    public void LogRatio(ParameterMask mask, ReadOnlySpan<float> theta, ReadOnlySpan<float> x, Span<float> logRatio, Span<float> logFrozen)
    {
        if (Only is { } one)
        {
            one.LogRatio(mask, theta, x, logRatio, logFrozen);
            return;
        }

        var each = new List<float[]>();
        foreach (var member in members)
        {
            var (own, frozen) = (new float[logRatio.Length], new float[logRatio.Length]);
            member.LogRatio(mask, theta, x, own, frozen);
            each.Add([.. own.Zip(frozen, (residual, rest) => residual + rest)]);
        }

        CombinedRatios.Combine(each, combination, logRatio);
    }

    /// <exception cref="NotSupportedException">It is not of one model that can.</exception>
    public void Draw(ParameterMask mask, ReadOnlySpan<float> x, ulong seed, ulong index, Span<float> theta) =>
        ((IDirectPosterior?)Only ?? throw new NotSupportedException("an ensemble is sampled by its density"))
            .Draw(mask, x, seed, index, theta);

    public void Dispose()
    {
        foreach (var member in members) member.Dispose();
    }
}
