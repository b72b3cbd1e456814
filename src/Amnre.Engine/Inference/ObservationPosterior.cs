using Amnre.Engine.Masks;

namespace Amnre.Engine.Inference;

/// <summary>The posterior of one measured observation.</summary>
public sealed record ObservationPosterior
{
    /// <summary>Its place in the file.</summary>
    public required int Index { get; init; }

    /// <summary>Values of the observation that were not there.</summary>
    public required int MissingValues { get; init; }

    /// <summary>The parameters drawn.</summary>
    public required ParameterMask Mask { get; init; }

    /// <summary>Draws (count, |mask|), row-major, all of the same weight.</summary>
    public required float[] Draws { get; init; }

    /// <summary>How they were drawn: <c>chain rule</c>, <c>direct</c> or <c>chains</c>.</summary>
    public required string Way { get; init; }

    /// <summary>Of how many independent draws they are worth.</summary>
    public required double EffectiveSize { get; init; }

    /// <summary>Of each parameter drawn.</summary>
    public required IReadOnlyList<MarginalSummary> Marginals { get; init; }

    /// <summary>Of each pair of the parameters drawn that the model knows.</summary>
    public required IReadOnlyList<PairInformation> Pairs { get; init; }

    /// <summary>Of each nested model asked for whose parameter is drawn.</summary>
    public required IReadOnlyList<BayesFactor> BayesFactors { get; init; }

    /// <summary>Part of simulated observations that lie farther from their neighbours than this one does; 0 where it is unlike all of them,
    /// null where there was nothing to compare it with.</summary>
    public required double? Likeness { get; init; }

    /// <summary>Why the posterior should not be trusted; none where nothing speaks against it.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Densities of single parameters and pairs, for figures.</summary>
    internal PosteriorFigure? Figure { get; init; }
}
